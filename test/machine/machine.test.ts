import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { digitalTaskCycles } from '../../src/mapping/digital-work.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { scheduleReport } from '../../src/report/schedule-report.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { convLowering, handNetwork, vectorLowering } from '../networks.ts';
import { denseLowering, floorPlanOf, testSpec } from '../specs.ts';

const PS = 1e12;

describe('the machine', () => {
  test('one dense layer on one crossbar: load, fetch, MVM, write, scale, by hand', () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const lowered = handNetwork([1, 64], [dense('fc', 64, 10, -1)]);
    const schedule = plan(lowered, spec, 'analog');
    const run = play(schedule, spec, 1).run;

    const memory = (bytes: number) => Math.round((bytes / 8e9) * PS);
    const buffer = (bytes: number) => Math.round((bytes / 16e9) * PS);
    const load = memory(64) + 50_000 + buffer(64);
    const times = sliceTimes(spec, 10);
    const mvm = mvmTiming(
      { read: times.read * PS, convert: times.convert * PS, add: times.add * PS },
      8,
    ).latency;
    const core = spec.digitalCore!;
    const scale = digitalTaskCycles(core, undefined, 1, 2 * 10).vector * 1000;
    // 64 input bytes out of the buffer; 10 accumulators of 4 bytes in and out of it; 10 bytes of answer.
    const expected = load + buffer(64) + mvm + buffer(40) + buffer(40) + scale + 2 * buffer(10) + memory(10);
    expect(run.elapsed).toBe(Math.round(expected));
  });

  test('a dense layer on a digital core, by hand', () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const lowered = handNetwork([1, 64], [dense('fc', 64, 10, -1)]);
    const run = play(plan(lowered, spec, 'digital'), spec, 1).run;
    const memory = (bytes: number) => Math.round((bytes / 8e9) * PS);
    const buffer = (bytes: number) => Math.round((bytes / 16e9) * PS);
    // Four row blocks of 16, one vector: 16 cycles each to load the weights, 32 to fill and drain.
    const cycles = 4 * 16 + 32 + Math.ceil((2 * 10) / 16);
    expect(run.elapsed).toBe(
      memory(64) + 50_000 + 2 * buffer(64) + cycles * 1000 + 2 * buffer(10) + memory(10),
    );
  });

  test('converters shared by a core: a lone MVM takes its closed form', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 128 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 1, max: 16 }),
        (columns, converters, inputSliceBits, adders) => {
          const build = (sharedBy: 'core' | 'crossbar') => {
            const spec = testSpec({
              chip: { tiles: 1 },
              adcBank: { count: converters, sharedBy },
              shiftAndAdd: { count: adders, rate: 1e9 },
              encoding: { inputSliceBits },
            });
            const lowered = handNetwork([1, 32], [dense('fc', 32, columns, -1)]);
            return play(plan(lowered, spec, 'analog'), spec, 3).run.completions;
          };
          expect(build('core')[0]).toBe(build('crossbar')[0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('converters shared by the crossbars of a core are queued for: never faster, and slower under load', () => {
    const run = (sharedBy: 'core' | 'crossbar') => {
      const spec = testSpec({ chip: { tiles: 1 }, adcBank: { count: 1, sharedBy } });
      return play(plan(convNetwork(), spec, 'analog'), spec, 4).run.elapsed;
    };
    expect(run('core')).toBeGreaterThan(run('crossbar'));
  });

  test('layers pipeline on the receptive field: the second layer starts before the first ends', () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const schedule = plan(convNetwork(), spec, 'analog');
    const starts = new Map<number, number>();
    const ends = new Map<number, number>();
    playSchedule(schedule, spec, actionTable(inventory(spec)), {
      inferences: 1,
      taskPolicy: taskPolicies.parts[0]!,
      sink: {
        record(_action, _unit, _count, start, end, stage) {
          starts.set(stage, Math.min(starts.get(stage) ?? start, start));
          ends.set(stage, Math.max(ends.get(stage) ?? end, end));
        },
      },
    });
    const analog = schedule.stages.filter((stage) => stage.kind === 'analog').map((stage) => stage.index);
    expect(starts.get(analog[1]!)!).toBeLessThan(ends.get(analog[0]!)!);
  });

  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 6 }),
    crossbars: fc.integer({ min: 1, max: 4 }),
    converters: fc.integer({ min: 1, max: 8 }),
    sharedBy: fc.constantFrom('core' as const, 'crossbar' as const),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    inputSliceBits: fc.constantFrom(1, 2, 4, 8),
    crossbarRows: fc.constantFrom(24, 64, 256),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2', 'layers:1,3'),
    policy: fc.constantFrom(...taskPolicies.names),
    inferences: fc.integer({ min: 1, max: 4 }),
  });

  test('every task runs once, no resource is busy beyond its time, energy adds up both ways', () => {
    fc.assert(
      fc.property(chips, (chip) => {
        const spec = testSpec({
          chip: { tiles: chip.tiles },
          tile: { analogCores: 24, digitalCores: chip.digitalCores },
          crossbars: chip.crossbars,
          crossbar: { rows: chip.crossbarRows },
          adcBank: { count: chip.converters, sharedBy: chip.sharedBy },
          encoding: { inputSliceBits: chip.inputSliceBits },
        });
        const lowered = convNetwork();
        const schedule = plan(lowered, spec, chip.schedule);
        const { run, ledger } = play(schedule, spec, chip.inferences, chip.policy);
        expect(run.tasks).toBe(
          chip.inferences * schedule.stages.reduce((sum, stage) => sum + stage.tasks, 0),
        );
        for (const { resource, busy, servers } of run.occupancy) {
          expect(busy, resource).toBeLessThanOrEqual(run.elapsed * servers);
        }
        run.completions.forEach((time, index) => {
          if (index > 0) expect(time).toBeGreaterThanOrEqual(run.completions[index - 1]!);
        });
        const { energy } = report(schedule, lowered, spec, ledger, chip.inferences, run.elapsed);
        const byLayer = energy.byLayer.reduce((sum, row) => sum + row.energy, 0);
        const byComponent = energy.byComponent.reduce((sum, row) => sum + row.dynamic + row.leakage, 0);
        expect(Math.abs(byLayer - energy.total)).toBeLessThanOrEqual(1e-9 * energy.total);
        expect(Math.abs(byComponent - energy.total)).toBeLessThanOrEqual(1e-9 * energy.total);
      }),
      { numRuns: 60 },
    );
  });

  test('dynamic energy does not depend on policy, pace or number of inferences', () => {
    // One tile: with several, a task that another tile's core takes travels further, and that does cost.
    const spec = testSpec({ chip: { tiles: 1 }, tile: { analogCores: 24, digitalCores: 2 } });
    const lowered = convNetwork();
    const schedule = plan(lowered, spec, 'prefix:1');
    const dynamic = (inferences: number, policy: string) => {
      const { run, ledger } = play(schedule, spec, inferences, policy);
      const { energy } = report(schedule, lowered, spec, ledger, inferences, run.elapsed);
      return energy.byComponent.reduce((sum, row) => sum + row.dynamic, 0);
    };
    const reference = dynamic(1, 'fifo');
    for (const policy of taskPolicies.names) {
      expect(Math.abs(dynamic(5, policy) - reference)).toBeLessThanOrEqual(1e-12 * reference);
    }
  });

  test('a balanced chain of equal stages: N inferences take one latency and N − 1 intervals', () => {
    const wide = { ...testSpec().tile.buffer, bandwidth: 1e15 };
    const tile = { analogCores: 1, digitalCores: 4, buffer: wide };
    const spec = testSpec({ chip: { tiles: 1 }, tile, crossbars: 3 });
    const lowered = handNetwork(
      [1, 64],
      [dense('a', 64, 64, -1), dense('b', 64, 64, 0), dense('c', 64, 64, 1)],
    );
    const { run } = play(plan(lowered, spec, 'analog'), spec, 40);
    const intervals = Array.from(run.completions).map(
      (time, index, all) => time - (index > 0 ? all[index - 1]! : 0),
    );
    const steady = intervals.slice(10);
    const occupancy = mvmTiming(ticksOf(sliceTimes(spec, 64)), 8).occupancy;
    // The crossbars set the pace: nothing else in this chip is as slow.
    for (const interval of steady) expect(interval).toBe(Math.round(occupancy));
  });

  test('same schedule, same policy: the same run', () => {
    const spec = testSpec({ tile: { analogCores: 24, digitalCores: 2 } });
    const schedule = plan(convNetwork(), spec, 'prefix:2');
    expect(play(schedule, spec, 3).run).toEqual(play(schedule, spec, 3).run);
  });
});

function ticksOf(times: { read: number; convert: number; add: number }) {
  return { read: times.read * PS, convert: times.convert * PS, add: times.add * PS };
}

function dense(name: string, rows: number, columns: number, from: number) {
  return { name, lowering: denseLowering({ rows, columns }), from: [from], outputShape: [1, columns] };
}

// Conv 1→6 of 5×5, relu, conv 6→12 of 3×3, dense: small enough to play often.
function convNetwork(): LoweredNetwork {
  const first = convLowering({ channels: 1, height: 12, width: 12, outputs: 6, kernel: 5 });
  const second = convLowering({ channels: 6, height: 8, width: 8, outputs: 12, kernel: 3 });
  return handNetwork(
    [1, 1, 12, 12],
    [
      { name: 'conv1', lowering: first, from: [-1], outputShape: [1, 6, 8, 8] },
      { name: 'relu1', lowering: vectorLowering(64, 6 * 64), from: [0], outputShape: [1, 6, 8, 8] },
      { name: 'conv2', lowering: second, from: [1], outputShape: [1, 12, 6, 6] },
      {
        name: 'flat',
        lowering: { kind: 'view', positions: 1, required: (_i, _p, n) => n - 1 },
        from: [2],
        outputShape: [1, 432],
      },
      dense('fc', 432, 10, 3),
    ],
  );
}

function plan(lowered: LoweredNetwork, spec: ArchitectureSpec, name: string): Schedule {
  return buildSchedule(lowered, partitionFrom(name, lowered.candidates), spec);
}

function play(
  schedule: Schedule,
  spec: ArchitectureSpec,
  inferences: number,
  policy = taskPolicies.names[0]!,
) {
  const table = actionTable(inventory(spec));
  const ledger = new EnergyLedger(table, schedule.stages.length);
  const run = playSchedule(schedule, spec, table, {
    inferences,
    taskPolicy: taskPolicies.get(policy),
    sink: ledger,
  });
  return { run, ledger };
}

function report(
  schedule: Schedule,
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  ledger: EnergyLedger,
  inferences: number,
  elapsed: number,
) {
  return scheduleReport({
    schedule,
    layerNames: lowered.network.layers.map((layer) => layer.name),
    macs: 1,
    analogMacs: 0,
    latency: elapsed / PS,
    initiationInterval: elapsed / inferences / PS,
    ledger,
    inferences,
    elapsed: elapsed / PS,
    timeline: [],
    load: { memory: 0, chipLinks: [], tiles: [] },
    floorPlan: floorPlanOf(spec),
    table: actionTable(inventory(spec)),
    precision: '',
    correctPerChip: [1],
    samples: 1,
    turns: null,
    warnings: [],
  });
}
