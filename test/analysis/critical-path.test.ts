import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPieces } from '../../src/analysis/critical-path.ts';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { digitalTaskCycles } from '../../src/mapping/digital-work.ts';
import { planWorkload } from '../../src/experiment/experiment.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { ROOT } from '../cli/command.ts';
import { testSpec } from '../specs.ts';
import { analysed, convNetwork, denseChain } from './plays.ts';

const PS = 1e12;

describe('the critical path of a first inference', () => {
  test('of one dense layer on one crossbar: every piece by hand', async () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const { analysis, studied } = await analysed(denseChain(64, 10), spec, 'analog', 1);
    const memory = (bytes: number) => Math.round((bytes / 8e9) * PS);
    const buffer = (bytes: number) => Math.round((bytes / 16e9) * PS);
    const times = sliceTimes(spec, 10);
    const { occupancy, latency } = mvmTiming(
      { read: times.read * PS, convert: times.convert * PS, add: times.add * PS },
      8,
    );
    const scale = digitalTaskCycles(spec.digitalCore!, undefined, 1, 2 * 10).vector * 1000;
    const expected: Record<string, number> = {
      'input memory reads': memory(64),
      'input memory latency': 50_000,
      'input buffer writes': buffer(64),
      // Inputs, accumulators, the answer: out of the buffer; the last two also into it.
      'a buffer reads': buffer(64) + buffer(40) + buffer(10),
      'a buffer writes': buffer(40) + buffer(10),
      'a MVMs': Math.round(occupancy),
      'a last conversions and additions': Math.round(latency - occupancy),
      'a vector work': scale,
      'a memory writes': memory(10),
    };
    const found = Object.fromEntries(
      analysis.criticalPath.parts.map(({ layer, part, time }) => [`${layer} ${part}`, Math.round(time * PS)]),
    );
    expect(found).toEqual(expected);
    expect(Object.values(expected).reduce((a, b) => a + b, 0)).toBe(studied.ticks.latency);
  });

  test('of a second layer on another tile than the first: links and routers too', async () => {
    // A crossbar and a digital core on each tile: a layer each.
    const spec = testSpec({ chip: { tiles: 2 }, tile: { analogCores: 1, digitalCores: 1 }, crossbars: 1 });
    const { analysis, studied } = await analysed(denseChain(64, 64, 32), spec, 'analog', 1);
    // Layer b sits on tile 1: its inputs cross one link of 4 GB/s and a router of 2 ns.
    const part = (layer: string, name: string) =>
      Math.round(
        (analysis.criticalPath.parts.find((one) => one.layer === layer && one.part === name)?.time ?? 0) * PS,
      );
    // 64 bytes there; the answer of 32 bytes back to the memory's tile.
    expect(part('b', 'links')).toBe(16_000 + 8000);
    expect(part('b', 'routers')).toBe(2 * 2000);
    expect(part('a', 'waiting') + part('b', 'waiting')).toBe(0);
    expect(studied.ticks.latency).toBe(Math.round(analysis.criticalPath.latency * PS));
  });

  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 5 }),
    crossbars: fc.integer({ min: 1, max: 4 }),
    converters: fc.integer({ min: 1, max: 8 }),
    sharedBy: fc.constantFrom('core' as const, 'crossbar' as const),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    inputSliceBits: fc.constantFrom(1, 2, 4, 8),
    crossbarRows: fc.constantFrom(24, 64, 256),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2', 'layers:1,3'),
  });

  test('its pieces follow each other from 0 to the latency; with converters of their own none is unexplained', async () => {
    await fc.assert(
      fc.asyncProperty(chips, async (chip) => {
        const spec = testSpec({
          chip: { tiles: chip.tiles },
          tile: { analogCores: 24, digitalCores: chip.digitalCores },
          crossbars: chip.crossbars,
          crossbar: { rows: chip.crossbarRows },
          adcBank: { count: chip.converters, sharedBy: chip.sharedBy },
          encoding: { inputSliceBits: chip.inputSliceBits },
        });
        const { analysis, schedule, studied } = await analysed(convNetwork(), spec, chip.schedule, 1);
        const { latency } = studied.ticks;
        const pieces = criticalPieces(studied.observers.first.holds, latency, schedule, spec);
        let at = 0;
        for (const { from, to } of pieces) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBe(latency);
        const { parts, segments } = analysis.criticalPath;
        const total = parts.reduce((sum, { time }) => sum + Math.round(time * PS), 0);
        expect(total).toBe(latency);
        segments.forEach(({ from }, index) => expect(from).toBe(index === 0 ? 0 : segments[index - 1]!.to));
        expect(segments.at(-1)!.to).toBe(studied.latency);
        if (chip.sharedBy === 'crossbar') {
          expect(parts.filter(({ part }) => part === 'waiting')).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['hybrid-edge', 'lenet5', 'prefix:2'],
    ['hybrid-edge', 'resnet14', 'analog'],
    ['hybrid-edge', 'vit-tiny', 'digital'],
    ['isaac', 'vgg8', 'analog'],
  ])('on %s, %s, %s: every piece is something that took its time', async (chip, workload, name) => {
    const { value: spec } = await readArchitecture(`${ROOT}arch/${chip}.yaml`);
    const { lowered } = await planWorkload(`${ROOT}workloads/${workload}.yaml`, spec, name);
    const { analysis, studied } = await analysed(lowered, spec, name, 1);
    const { parts } = analysis.criticalPath;
    expect(parts.reduce((sum, { time }) => sum + Math.round(time * PS), 0)).toBe(studied.ticks.latency);
    expect(parts.filter(({ part }) => part === 'waiting')).toEqual([]);
  });
});
