import { describe, expect, test } from 'vitest';
import { capacities } from '../../src/analysis/capacities.ts';
import { timedParts } from '../../src/analysis/timed-parts.ts';
import { adcModels } from '../../src/hardware/adc/index.ts';
import { adcFigures } from '../../src/hardware/converter-banks.ts';
import { testSpec } from '../specs.ts';
import { analysed, convNetwork, denseChain } from './plays.ts';

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
    const total = 4 * timedParts(spec).length + 2 * capacities(spec).length;
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

describe('parts of some chips', () => {
  const network = denseChain(64, 48, 10);
  const saved = async (spec: ReturnType<typeof testSpec>, part: string, speed: number | null = null) => {
    const { analysis, studied, schedule } = await analysed(network, spec, 'analog', 1, true);
    const row = analysis.whatIf!.find((one) => one.part === part && one.speed === speed)!;
    return {
      latency: studied.ticks.latency - Math.round(row.latency * PS),
      interval: Math.round(studied.initiationInterval * PS) - Math.round(row.interval * PS),
      path: analysis.criticalPath.parts,
      schedule,
    };
  };

  test('without a lock step nothing waits for a cycle any more: all of its waiting is saved', async () => {
    const spec = testSpec({ chip: { tiles: 1 }, tile: { cycle: 7.3e-9 } });
    const { latency, path } = await saved(spec, 'tile.cycle');
    const waiting = path
      .filter(({ part }) => part === 'lock step')
      .reduce((sum, { time }) => sum + Math.round(time * PS), 0);
    expect(waiting).toBeGreaterThan(0);
    expect(latency).toBe(waiting);
  });

  test('programming that takes no time saves the rows of every part but what hides behind reading, once an inference or once a batch', async () => {
    const spec = testSpec({
      ...{ chip: { tiles: 1 }, tile: { analogCores: 1 }, crossbars: 1 },
      crossbar: { rows: 64, columns: 128 },
    });
    const programming = { rowTime: 1e-6, cellEnergy: 1e-12, batch: 4 };
    const slow = { ...spec, analogCore: { ...spec.analogCore!, programming } };
    const { latency, schedule } = await saved(slow, 'programming');
    expect(schedule.parts.map(({ rows }) => rows)).toEqual([64, 48]);
    // Weights for 64 rows of 48 and 48 rows of 10 columns, at 8 bytes a ns: rows wait for the first of them; without, all wait for the last.
    const reading = [64 * 48, 48 * 10].map((bytes) => bytes * 125);
    const first = [64, 48].map((rows, part) => Math.ceil(reading[part]! / rows));
    const hidden = reading[0]! - first[0]! + (reading[1]! - first[1]!);
    expect(latency).toBe((64 + 48) * 1e6 - hidden);
    const { interval } = await saved(slow, 'programming', 2);
    expect(interval).toBe(((64 + 48) * 1e6) / 2 / 4);
  });

  test('a buffer of twice the room is a chip with such buffers, and a stall on room says which buffer was full', async () => {
    const small = (capacity: number) => {
      const base = testSpec();
      const tile = { buffer: { ...base.tile.buffer, capacity }, analogCores: 64 };
      return testSpec({ chip: { tiles: 1 }, tile });
    };
    const { analysis, schedule } = await analysed(convNetwork(), small(900), 'analog', 4, true);
    const row = analysis.whatIf!.find(({ part, speed }) => part === 'buffer capacity' && speed === 2)!;
    const larger = await analysed(convNetwork(), small(1800), 'analog', 4);
    // The same copies in both.
    expect(larger.schedule.stages.map(({ homes }) => homes)).toEqual(
      schedule.stages.map(({ homes }) => homes),
    );
    expect(row.interval).toBe(larger.studied.initiationInterval);
    expect(row.latencyGain).toBe(analysis.criticalPath.latency / row.latency);
    const full = analysis.stalls.filter(({ resource }) => resource === 'room');
    expect(full.length).toBeGreaterThan(0);
    for (const { buffer } of full) expect(buffer).toBe('buffer of tile 0');
    for (const { resource, buffer } of analysis.stalls) if (resource !== 'room') expect(buffer).toBeNull();
  });

  test('links of twice the width are a chip with such links, routers as they are', async () => {
    const wide = (factor: number) => {
      const { interconnect } = testSpec().chip;
      const linkBandwidth = factor * interconnect.linkBandwidth;
      return testSpec({
        chip: { tiles: 4, interconnect: { ...interconnect, linkBandwidth } },
        tile: { analogCores: 1 },
        crossbars: 1,
      });
    };
    const { analysis } = await analysed(network, wide(1), 'analog', 2, true);
    const { studied } = await analysed(network, wide(2), 'analog', 2);
    const row = analysis.whatIf!.find(({ part, speed }) => part === 'link width' && speed === 2)!;
    expect([row.interval, row.latency]).toEqual([studied.initiationInterval, studied.latency]);
    expect(row.latencyGain).toBeGreaterThan(1);
  });

  test('links between chips without time save a hold and two latencies on each way', async () => {
    const chipLink = { bandwidth: 1e9, latency: 30e-9, energy: 1e-12 };
    const spec = testSpec({
      ...{ chip: { tiles: 1, count: 2, chipLink }, tile: { analogCores: 1 }, crossbars: 1 },
      crossbar: { rows: 64, columns: 128 },
    });
    // 48 bytes go over, the answer of 10 comes back.
    const { latency } = await saved(spec, 'chipLink');
    expect(latency).toBe((48 + 10 + 4 * 30) * 1000);
    expect(timedParts({ ...spec, chip: { ...spec.chip, count: 1 } }).map(({ part }) => part)).not.toContain(
      'chipLink',
    );
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
