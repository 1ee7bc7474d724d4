import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showDocument } from '../../src/cli/show.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { testSpec } from '../specs.ts';
import { analysed, convNetwork, denseChain, wideSpec } from './plays.ts';

/** 8 input slices; 4 converters of 1 ns: 64 columns take 16 ns a slice, 32 take 8 ns, less than the 10 ns of a read. */
const SLOW = 8 * 16e-9;
const FAST = 8 * 10e-9;

describe('a pipeline of two layers', () => {
  const network = denseChain(64, 64, 32);

  test('the slower one sets the pace and has no slack, the faster one has the difference', async () => {
    const { analysis, studied } = await analysed(network, wideSpec({ crossbars: 2 }), 'analog', 40);
    expect(studied.initiationInterval).toBeCloseTo(SLOW, 15);
    const [, a, b] = analysis.layers;
    expect(a!.layer).toBe('a');
    expect(a!.bottleneck).toMatchObject({ resource: 'crossbars', unit: 'a copy 1' });
    expect(a!.bottleneck!.busy).toBeCloseTo(SLOW, 15);
    expect(a!.bottleneck!.slack).toBeCloseTo(0, 15);
    expect(b!.bottleneck).toMatchObject({ resource: 'crossbars', unit: 'b copy 1' });
    expect(b!.bottleneck!.busy).toBeCloseTo(FAST, 15);
    expect(b!.bottleneck!.slack).toBeCloseTo(SLOW - FAST, 15);
    expect(analysis.bottleneck).toEqual(a!.bottleneck);
  });

  test('roofline: MACs per byte, crossbars without a pause, one port', async () => {
    const spec = wideSpec({ crossbars: 2 });
    const { analysis } = await analysed(network, spec, 'analog', 40);
    const { roofline } = analysis.layers[1]!;
    // 64 bytes fetched, 64 accumulators of 4 bytes in and out, 64 bytes of activations.
    const bytes = 64 + 2 * 4 * 64 + 64;
    expect(roofline).toMatchObject({ macs: 64 * 64, bytes, intensity: (64 * 64) / bytes, bound: 'compute' });
    expect(roofline!.peak).toBeCloseTo((64 * 64) / SLOW, -3);
    expect(roofline!.achieved).toBeCloseTo((64 * 64) / SLOW, -3);
    expect(roofline!.bandwidth).toBe(1e15);
    expect(analysis.layers[0]!.roofline).toBeNull();
    // Of the whole: both layers, memory too.
    expect(analysis.roofline!.macs).toBe(64 * 64 + 64 * 32);
    expect(analysis.roofline!.peak).toBeCloseTo((64 * 64) / SLOW + (64 * 32) / FAST, -3);
    expect(analysis.roofline!.bandwidth).toBe(2e15);
  });

  test('what if: faster converters first, and no more than the reads allow; all others gain nothing', async () => {
    const { analysis } = await analysed(network, wideSpec({ crossbars: 2 }), 'analog', 40, true);
    const whatIf = analysis.whatIf!;
    expect(whatIf.slice(0, 2).map(({ part }) => part)).toEqual(['adcBank', 'adcBank']);
    for (const { part, interval, intervalGain } of whatIf) {
      const expected = part === 'adcBank' ? FAST : SLOW;
      expect(interval, part).toBeCloseTo(expected, 15);
      expect(intervalGain, part).toBeCloseTo(SLOW / expected, 9);
    }
    const gains = whatIf.map(({ intervalGain }) => intervalGain);
    expect([...gains].sort((a, b) => b - a)).toEqual(gains);
    // 10 %: converters as slow as that are slower by 10 %, crossbars do not matter.
    const { time } = analysis.sensitivity!;
    expect(time[0]!.part).toBe('adcBank');
    expect(time[0]!.interval.more / SLOW).toBeCloseTo(1.1, 9);
    expect(time[0]!.interval.less / SLOW).toBeCloseTo(0.9, 9);
    const crossbar = time.find(({ part }) => part === 'crossbar')!;
    expect(crossbar.interval.more).toBeCloseTo(SLOW, 15);
  });
});

describe('any schedule', () => {
  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 4 }),
    crossbars: fc.integer({ min: 1, max: 4 }),
    converters: fc.integer({ min: 1, max: 8 }),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2', 'layers:1,3'),
  });

  test('busy times are those of the servers; nothing is busier than always or beyond its roof', async () => {
    await fc.assert(
      fc.asyncProperty(chips, async (chip) => {
        const spec = testSpec({
          chip: { tiles: chip.tiles },
          tile: { analogCores: 24, digitalCores: chip.digitalCores },
          crossbars: chip.crossbars,
          adcBank: { count: chip.converters },
        });
        const inferences = 6;
        const { analysis, schedule, table, studied } = await analysed(
          convNetwork(),
          spec,
          chip.schedule,
          inferences,
        );
        const { groups, units } = analysis.utilisation;
        const run = playSchedule(schedule, spec, table, {
          inferences,
          taskPolicy: taskPolicies.parts[0]!,
          sink: { record: () => undefined },
        });
        for (const { resource, busy, servers } of run.occupancy) {
          const group = groups.find((one) => one.resource === resource);
          if (group === undefined) continue;
          expect(group.units).toBe(servers);
          // A task's MACs and vector work are rounded to ticks apart.
          const slack = resource === 'digitalCores' ? run.tasks : 0;
          expect(Math.abs(group.mean * servers * run.elapsed - busy), resource).toBeLessThanOrEqual(
            slack + 1e-9 * busy,
          );
        }
        for (const { mean, highest } of groups) {
          expect(highest).toBeLessThanOrEqual(1);
          expect(mean).toBeLessThanOrEqual(highest + 1e-12);
        }
        for (const { utilisation } of units) expect(utilisation).toBeLessThanOrEqual(1);
        // Work over the whole play: a stream of six has not settled.
        const paced = (macs: number) => (macs * inferences * 1e12) / studied.ticks.elapsed;
        for (const roof of [analysis.roofline, ...analysis.layers.map(({ roofline }) => roofline)]) {
          if (roof === null) continue;
          expect(paced(roof.macs)).toBeLessThanOrEqual(roof.attainable * (1 + 1e-9));
          expect(roof.attainable).toBeLessThanOrEqual(roof.peak);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('stalls are the waits of the machine by layer, none lost', async () => {
    const spec = testSpec({ chip: { tiles: 2 }, tile: { analogCores: 24, digitalCores: 1 } });
    const inferences = 8;
    const { analysis, schedule, table } = await analysed(convNetwork(), spec, 'prefix:1', inferences);
    const { waits } = playSchedule(schedule, spec, table, {
      inferences,
      taskPolicy: taskPolicies.parts[0]!,
      sink: { record: () => undefined },
    });
    expect(waits.length).toBeGreaterThan(0);
    const total = waits.reduce((sum, { ticks }) => sum + ticks, 0) / inferences / 1e12;
    const stalled = analysis.stalls.reduce((sum, { time }) => sum + time, 0);
    expect(stalled / total).toBeCloseTo(1, 9);
    const times = analysis.stalls.map(({ time }) => time);
    expect([...times].sort((a, b) => b - a)).toEqual(times);
    const layers = analysis.layers.map(({ layer }) => layer);
    for (const { layer, holder } of analysis.stalls)
      expect(layers).toEqual(expect.arrayContaining([layer, holder]));
    expect(new Set(analysis.stalls.map((one) => JSON.stringify({ ...one, time: 0 }))).size).toBe(
      times.length,
    );
  });

  test('TOPS/W and TOPS/mm²: at the peak those of kirchhoff show, in effect energy and pace of the network', async () => {
    const spec = testSpec({ tile: { analogCores: 24, digitalCores: 2 } });
    const { analysis, studied, energy, table } = await analysed(convNetwork(), spec, 'prefix:1', 12);
    const { topsPerWatt, topsPerSquareMillimetre, energyDelay } = analysis.efficiency;
    const chip = showDocument(spec).levels.find(({ level }) => level === 'chip')!;
    expect(topsPerWatt.peak).toBeCloseTo(chip.topsPerWatt, 9);
    expect(topsPerSquareMillimetre.peak).toBeCloseTo(chip.topsPerSquareMillimetre, 9);
    const macs = 64 * 25 * 6 + 36 * 54 * 12 + 432 * 10;
    const area = table.components.reduce((sum, part) => sum + part.area * part.count * 1e6, 0);
    expect(topsPerWatt.effective).toBeCloseTo((2 * macs) / energy.total / 1e12, 9);
    expect(topsPerSquareMillimetre.effective).toBeCloseTo(
      (2 * macs) / studied.initiationInterval / 1e12 / area,
      9,
    );
    expect(energyDelay.latency / (energy.total * studied.latency)).toBeCloseTo(1, 12);
  });
});
