import { describe, expect, test } from 'vitest';
import { timedParts } from '../../src/analysis/timed-parts.ts';
import { adcModels } from '../../src/hardware/adc/index.ts';
import { adcFigures } from '../../src/hardware/converter-banks.ts';
import { testSpec } from '../specs.ts';
import { analysed, denseChain } from './plays.ts';

const PS = 1e12;

describe('a chain in which nothing overlaps', () => {
  const spec = testSpec({ chip: { tiles: 1 } });
  const network = denseChain(64, 48, 10);

  test('an infinitely fast part saves exactly its share of the critical path', async () => {
    const { analysis, studied } = await analysed(network, spec, 'analog', 1, true);
    const share = (...names: string[]) =>
      analysis.criticalPath.parts
        .filter(({ part }) => names.includes(part))
        .reduce((sum, { time }) => sum + Math.round(time * PS), 0);
    const saved = (part: string) => {
      const row = analysis.whatIf!.find((one) => one.part === part && one.speed === null)!;
      return studied.ticks.latency - Math.round(row.latency * PS);
    };
    expect(saved('buffer')).toBe(share('buffer reads', 'buffer writes'));
    expect(saved('memory')).toBe(share('memory reads', 'memory writes', 'memory latency'));
    expect(saved('vectorUnit')).toBe(share('vector work'));
    expect(share('buffer reads')).toBeGreaterThan(0);
    expect(share('vector work')).toBeGreaterThan(0);
  });

  test('as many plays are announced as there are', async () => {
    const announced: number[][] = [];
    await analysed(network, spec, 'analog', 1, true, (...counts) => announced.push(counts));
    const total = 4 * timedParts(spec).length;
    expect(announced).toEqual(Array.from({ length: total }, (_, index) => [index + 1, total]));
  });

  test('faster parts never cost time here, and infinitely fast ones save no less than fast ones', async () => {
    for (const schedule of ['analog', 'digital', 'prefix:1']) {
      const { analysis } = await analysed(network, spec, schedule, 1, true);
      for (const { part, latency, latencyGain } of analysis.whatIf!) {
        expect(latencyGain, part).toBeGreaterThanOrEqual(1);
        const infinite = analysis.whatIf!.find((one) => one.part === part && one.speed === null)!;
        expect(infinite.latency, part).toBeLessThanOrEqual(latency);
      }
      for (const { part, latency } of analysis.sensitivity!.time) {
        expect(latency.less, part).toBeLessThanOrEqual(analysis.criticalPath.latency);
        expect(latency.more, part).toBeGreaterThanOrEqual(analysis.criticalPath.latency);
      }
    }
  });
});

describe('parts that take time', () => {
  test.each(adcModels.names)('a %s converter can be made faster', (type) => {
    const figures = {
      bits: 6,
      sampleRate: 1e9,
      clock: 1e9,
      energy: 1e-12,
      comparatorEnergy: 1e-15,
      design: 'newton',
    };
    const base = testSpec();
    const adc = { ...base.analogCore!.adcBank.adc, ...figures, type } as never;
    const spec = testSpec({ adcBank: { adc } });
    const time = (one: typeof spec) => adcFigures(one.analogCore!.adcBank, one.technology).conversionTime;
    const bank = timedParts(spec).find(({ part }) => part === 'adcBank')!;
    expect(time(bank.faster(2)) / time(spec)).toBeCloseTo(0.5, 12);
    expect(time(bank.faster(Number.POSITIVE_INFINITY))).toBe(0);
    // Nothing else of the chip has changed.
    const { analogCore, ...rest } = bank.faster(2);
    expect({ ...rest, analogCore: { ...analogCore, adcBank: spec.analogCore!.adcBank } }).toEqual(spec);
  });
});
