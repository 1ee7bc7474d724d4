import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { routesOf } from '../../src/hardware/routes.ts';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { activitySinks } from '../../src/machine/activity.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { Intervals } from '../../src/report/intervals.ts';
import { placementReport } from '../../src/report/placement-report.ts';
import { StageTimeline } from '../../src/report/timeline.ts';
import { UnitLoad } from '../../src/report/unit-load.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { convLowering, handNetwork, vectorLowering } from '../networks.ts';
import { denseLowering, floorPlanOf, testSpec } from '../specs.ts';

const PS = 1e12;

describe('what the observers of a play see', () => {
  test('a dense layer alone: its stages follow each other, the crossbar computes for its closed form', () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const { timeline, elapsed } = observed(spec, chain(1), 'analog', 1);
    expect(timeline.map(({ stage, kind }) => [stage, kind])).toEqual([
      ['input', 'load'],
      ['a', 'analog'],
      ['a scale', 'digital'],
    ]);
    const [load, analog, scale] = timeline;
    const buffer = (bytes: number) => Math.round((bytes / 16e9) * PS) / PS;
    // 64 bytes from a memory of 8 GB/s and 50 ns, into the buffer; 64 outputs of 4 bytes back into it.
    expect(load).toMatchObject({ start: 0, computing: [] });
    expect(load!.end).toBeCloseTo(64 / 8e9 + 50e-9 + buffer(64), 14);
    expect(analog!.start).toBeCloseTo(load!.end, 14);
    const times = sliceTimes(spec, 64);
    const { latency, occupancy } = mvmTiming(times, 8);
    expect(analog!.computing).toHaveLength(1);
    const [start, end] = analog!.computing[0]!;
    expect(start - analog!.start).toBeCloseTo(buffer(64), 14);
    expect(end - start).toBeCloseTo(occupancy, 14);
    expect(analog!.end - start).toBeCloseTo(latency + buffer(256), 14);
    expect(scale!.end).toBe(elapsed / PS);
  });

  test('a chain of equal layers on one crossbar each: a core is busy for occupancy over elapsed', () => {
    const spec = testSpec({ chip: { tiles: 1 }, tile: { analogCores: 1, digitalCores: 4 }, crossbars: 3 });
    const inferences = 20;
    const { load, elapsed } = observed(spec, chain(3), 'analog', inferences);
    const { occupancy } = mvmTiming(sliceTimes(spec, 64), 8);
    expect(load.tiles).toHaveLength(1);
    // Each of the three crossbars of the core is held once an inference.
    expect(load.tiles[0]!.analogCores[0]).toBeCloseTo((inferences * occupancy * PS) / elapsed, 6);
  });

  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 6 }),
    crossbars: fc.integer({ min: 1, max: 4 }),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2', 'layers:1,3'),
    inferences: fc.integer({ min: 1, max: 4 }),
  });

  test('busy times are those that the machine counted itself; crossbars are placed once', () => {
    fc.assert(
      fc.property(chips, (chip) => {
        const spec = testSpec({
          chip: { tiles: chip.tiles },
          tile: { analogCores: 24, digitalCores: chip.digitalCores },
          crossbars: chip.crossbars,
        });
        const found = observed(spec, convNetwork(), chip.schedule, chip.inferences);
        const { load, occupancy, elapsed, timeline, placement, schedule } = found;
        const sums: Record<string, number> = {
          memoryPort: load.memory,
          bufferPorts: sum(load.tiles.map(({ buffer }) => buffer)),
          links: sum(load.tiles.flatMap(({ links }) => links)),
          digitalCores: sum(load.tiles.flatMap(({ digitalCores }) => digitalCores)),
        };
        for (const { resource, busy, servers } of occupancy) {
          const found = sums[resource];
          if (found === undefined) continue;
          // Rounded to 1e-6 each; a task of a digital core to a tick.
          expect(Math.abs(found - busy / elapsed), resource).toBeLessThan(1e-6 * (servers + 1));
        }
        for (const { analogCores } of load.tiles) {
          for (const busy of analogCores) expect(busy).toBeLessThanOrEqual(1);
        }

        expect(Math.max(...timeline.map(({ end }) => end))).toBeLessThanOrEqual(elapsed / PS);
        for (const { start, end, computing } of timeline) {
          expect(start).toBeLessThanOrEqual(end);
          for (const [from, to] of computing) {
            expect(from).toBeGreaterThanOrEqual(start);
            expect(to).toBeLessThanOrEqual(end);
          }
        }

        const crossbars = placement.flatMap(({ crossbars }) =>
          crossbars.flatMap(([first, last]) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          ),
        );
        expect(new Set(crossbars).size).toBe(crossbars.length);
        expect(crossbars.length).toBe(schedule.crossbarsUsed);
        for (const { tiles } of placement) for (const tile of tiles) expect(tile).toBeLessThan(chip.tiles);
      }),
      { numRuns: 40 },
    );
  });
});

describe('intervals', () => {
  const list = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 20 })), { maxLength: 60 });

  test('are their union, ascending and apart, as long as it has few pieces', () => {
    fc.assert(
      fc.property(list, (added) => {
        const intervals = new Intervals(100);
        for (const [start, length] of added) intervals.add(start, start + length);
        const covered = new Set(added.flatMap(([start, length]) => ticks(start, start + length)));
        const pieces = intervals.pieces();
        expect(new Set(pieces.flatMap(([start, end]) => ticks(start, end)))).toEqual(covered);
        pieces.forEach(([start], at) => {
          if (at > 0) expect(start).toBeGreaterThan(pieces[at - 1]![1]);
        });
      }),
    );
  });

  test('stay few and cover their union whatever is added', () => {
    fc.assert(
      fc.property(list, (added) => {
        const intervals = new Intervals(3);
        for (const [start, length] of added) intervals.add(start, start + length);
        const pieces = intervals.pieces();
        expect(pieces.length).toBeLessThanOrEqual(3);
        for (const [start, length] of added) {
          expect(pieces.some(([from, to]) => from <= start && start + length <= to)).toBe(true);
        }
      }),
    );
  });
});

function observed(spec: ArchitectureSpec, lowered: LoweredNetwork, name: string, inferences: number) {
  const schedule = buildSchedule(lowered, partitionFrom(name, lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  const layerNames = lowered.network.layers.map((layer) => layer.name);
  const timeline = new StageTimeline(table, schedule.stages.length);
  const load = new UnitLoad(table, schedule, floorPlanOf(spec), routesOf(spec));
  const run = playSchedule(schedule, spec, table, {
    inferences,
    taskPolicy: taskPolicies.parts[0]!,
    sink: activitySinks([timeline, load]),
  });
  return {
    ...{ schedule, elapsed: run.elapsed, occupancy: run.occupancy },
    timeline: timeline.report(schedule, layerNames, PS),
    load: load.report(run.elapsed),
    placement: placementReport(schedule, layerNames, floorPlanOf(spec)),
  };
}

function chain(length: number): LoweredNetwork {
  return handNetwork(
    [1, 64],
    Array.from({ length }, (_, index) => ({
      name: 'abc'[index]!,
      lowering: denseLowering({ rows: 64, columns: 64 }),
      from: [index - 1],
      outputShape: [1, 64],
    })),
  );
}

function convNetwork(): LoweredNetwork {
  const lowering = convLowering({ channels: 1, height: 12, width: 12, outputs: 6, kernel: 5 });
  const dense = (rows: number) => denseLowering({ rows, columns: 10 });
  return handNetwork(
    [1, 1, 12, 12],
    [
      { name: 'conv', lowering, from: [-1], outputShape: [1, 6, 8, 8] },
      { name: 'relu', lowering: vectorLowering(64, 6 * 64), from: [0], outputShape: [1, 6, 8, 8] },
      {
        name: 'flat',
        lowering: { kind: 'view', positions: 1, required: (_i, _p, n) => n - 1 },
        from: [1],
        outputShape: [1, 384],
      },
      { name: 'fc1', lowering: dense(384), from: [2], outputShape: [1, 10] },
      { name: 'fc2', lowering: dense(10), from: [3], outputShape: [1, 10] },
    ],
  );
}

function ticks(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, at) => start + at);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
