import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { mvmTiming, sliceTimes } from '../../src/hardware/mvm-timing.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { readNetworkToRun } from '../../src/input/workload-network.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { digitalTaskCycles } from '../../src/mapping/digital-work.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { ROOT } from '../cli/command.ts';
import { handNetwork } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';

const PS = 1e12;

/** Dense layers of 64 × 64, one after the other. */
function chain(length: number) {
  return handNetwork(
    [1, 64],
    Array.from({ length }, (_, index) => ({
      name: `layer${index}`,
      lowering: denseLowering({ rows: 64, columns: 64 }),
      from: [index - 1],
      outputShape: [1, 64],
    })),
  );
}

function play(spec: ArchitectureSpec, length: number, partition: string, inferences: number) {
  const lowered = chain(length);
  const schedule = buildSchedule(lowered, partitionFrom(partition, lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  const ledger = new EnergyLedger(table, schedule.stages.length);
  const activities: { action: string; start: number; end: number; stage: number }[] = [];
  const run = playSchedule(schedule, spec, table, {
    inferences,
    taskPolicy: taskPolicies.parts[0]!,
    sink: {
      record(action, unit, count, start, end, stage) {
        ledger.record(action, unit, count, start, end, stage);
        const { component, name } = table.actions[action]!;
        activities.push({ action: `${table.components[component]!.name} ${name}`, start, end, stage });
      },
    },
  });
  return { run, schedule, activities, ledger, table };
}

describe('networks larger than the chip take turns on its crossbars', () => {
  const programming = { rowTime: 1e-6, cellEnergy: 1e-12, batch: 3 };
  const spec = (crossbars: number) => {
    const base = testSpec({
      chip: { tiles: 1 },
      tile: { analogCores: 1 },
      crossbars,
      crossbar: { rows: 64, columns: 128 },
    });
    return { ...base, analogCore: { ...base.analogCore!, programming } };
  };

  test('five layers on two crossbars are three parts; as one part on five', () => {
    const small = play(spec(2), 5, 'analog', 6);
    expect(small.schedule.parts).toHaveLength(3);
    expect(small.schedule.crossbarsUsed).toBe(2);
    expect(play(spec(5), 5, 'analog', 6).schedule.parts).toHaveLength(0);
  });

  test('two batches of three inferences: every part is programmed twice, 64 rows of each crossbar of the core in turns', () => {
    const { run, activities, schedule } = play(spec(2), 5, 'analog', 6);
    const programs = activities.filter(({ action }) => action === 'crossbar program');
    // Stages 2, 2 and 1 of the three parts, twice.
    expect(programs).toHaveLength(10);
    expect(schedule.parts.map(({ rows }) => rows)).toEqual([128, 128, 64]);
    const times = programs.map(({ start, end }) => end - start);
    expect(times).toEqual(times.map(() => 64e6));
    // Two on one core one after the other, the first when the weights of its first row are there: 64 bytes of 64 × 64.
    const [a, b] = programs as [(typeof programs)[number], (typeof programs)[number]];
    expect(a.start).toBe(50_000 + 64 * 125);
    expect(b.start).toBe(a.end);
    // Nothing is computed while crossbars are programmed, and the parts follow each other.
    const reads = activities.filter(({ action }) => action === 'crossbar read');
    for (const program of programs) {
      for (const read of reads) {
        expect(read.end <= program.start || read.start >= program.end).toBe(true);
      }
    }
    const order = programs.map(({ stage }) => schedule.stages[stage]!.part);
    expect(order).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2]);
    expect(run.tasks).toBe(6 * schedule.stages.reduce((sum, stage) => sum + stage.tasks, 0));
    expect(run.elapsed).toBeGreaterThan(2 * (128e6 + 128e6 + 64e6));
  });

  test('cells written: rows × columns × cells of a weight, for each layer and batch', () => {
    const { ledger, table, schedule } = play(spec(2), 5, 'analog', 6);
    const program = table.actions.findIndex(({ name }) => name === 'program');
    const analog = schedule.stages.filter(({ kind }) => kind === 'analog');
    // Two cells of a differential weight.
    expect(ledger.count(program)).toBe(2 * analog.length * 64 * 64 * 2);
  });

  test('larger batches hide the programming: the same work in less time', () => {
    const batch = (size: number) => {
      const base = spec(2);
      const changed = {
        ...base,
        analogCore: { ...base.analogCore, programming: { ...programming, batch: size } },
      };
      return play(changed, 5, 'analog', 12).run.elapsed;
    };
    expect(batch(1)).toBeGreaterThan(batch(3));
    expect(batch(3)).toBeGreaterThan(batch(12));
  });
});

describe('several chips', () => {
  test('what crosses from chip to chip takes both links, and costs their energy', () => {
    const link = { bandwidth: 1e9, latency: 30e-9, energy: 5e-12 };
    const spec = testSpec({
      chip: { tiles: 1, count: 2, chipLink: link },
      tile: { analogCores: 1, digitalCores: 1 },
      crossbars: 1,
      crossbar: { rows: 64, columns: 128 },
    });
    const { activities, ledger, table } = play(spec, 2, 'analog', 1);
    const transfers = activities.filter(({ action }) => action === 'chipLink transfer');
    // The first layer's activations go over, the answer comes back: 64 bytes each, out of one chip and into the other.
    expect(transfers).toHaveLength(4);
    for (const { start, end } of transfers) expect(end - start).toBe(64_000);
    expect(transfers[1]!.start - transfers[0]!.start).toBe(30_000);
    const action = table.actions.findIndex(({ name }) => name === 'transfer');
    expect(ledger.count(action)).toBe(4 * 64);
  });
});

describe('weights of digital layers', () => {
  const core = (capacity: number) => {
    const base = testSpec({ chip: { tiles: 1 }, tile: { analogCores: 0, digitalCores: 1 } });
    const { digitalCore } = base;
    return {
      ...base,
      digitalCore: { ...digitalCore!, weightMemory: { ...digitalCore!.weightMemory!, capacity } },
    };
  };

  test('stay where the weight memory holds them all', () => {
    const { activities } = play(core(3 * 4096), 3, 'digital', 1);
    expect(activities.filter(({ action }) => action === 'weightMemory write')).toHaveLength(0);
  });

  test('come from memory layer by layer where it does not, and wait for its port', () => {
    const spec = core(4096);
    const { activities, run } = play(spec, 3, 'digital', 1);
    const writes = activities.filter(({ action }) => action === 'weightMemory write');
    expect(writes).toHaveLength(3);
    const memory = (bytes: number) => Math.round((bytes / 8e9) * PS);
    const buffer = (bytes: number) => Math.round((bytes / 16e9) * PS);
    const work = digitalTaskCycles(
      spec.digitalCore,
      {
        ...{ groups: 1, rows: 64, columns: 64, vectorsPerPosition: 1, macsPerPosition: 4096, constant: true },
        ...{ streamedBytes: 4096, streamedEachTask: false },
      },
      1,
      128,
    );
    const compute = (work.mac + work.vector) * 1000;
    // Input; then for each layer its weights (longer than reading 64 bytes of input), work and a write; the answer.
    const layer = memory(4096) + 50_000 + compute + buffer(64);
    expect(run.elapsed).toBe(memory(64) + 50_000 + buffer(64) + 3 * layer + buffer(64) + memory(64));
  });
});

describe('tiles in lock step', () => {
  const title =
    'ISAAC: 22 cycles from eDRAM to eDRAM, an MVM every 16 (Shafiee et al., ISCA 2016, Figure 4b), signed inputs: %s';
  test.each([false, true])(title, async (inputSigned) => {
    const { value: spec } = await readArchitecture(join(ROOT, 'arch/isaac.yaml'));
    const lowering = denseLowering({ rows: 128, columns: 16 });
    const layer = { name: 'layer', lowering, from: [-1], outputShape: [1, 16] };
    const lowered = { ...handNetwork([1, 128], [layer]), inputSigned };
    const schedule = buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
    const table = actionTable(inventory(spec));
    const analog = schedule.stages.findIndex(({ kind }) => kind === 'analog');
    const play = (inferences: number) => {
      const told = { reads: [] as number[], writes: [] as number[], mvms: [] as number[] };
      playSchedule(schedule, spec, table, {
        inferences,
        taskPolicy: taskPolicies.parts[0]!,
        sink: {
          record(action, _unit, _count, start, end, stage) {
            const { component, name } = table.actions[action]!;
            const what = `${table.components[component]!.name} ${name}`;
            if (stage !== analog) return;
            if (what === 'buffer read') told.reads.push(start);
            if (what === 'buffer write') told.writes.push(end);
            if (what === 'crossbar read') told.mvms.push(start);
          },
        },
      });
      return told;
    };
    // By itself: in a stream, inputs of later inferences take the port before the first one is read.
    const { reads, writes } = play(1);
    const { mvms } = play(6);
    const cycle = 100_000;
    expect(mvmTiming(sliceTimes(spec, 128), 16).occupancy).toBeCloseTo(16 * 100e-9, 15);
    const first = Math.floor(reads[0]! / cycle);
    expect(Math.ceil(writes[0]! / cycle) - first).toBe(22);
    for (let index = 1; index < mvms.length; index++) {
      expect(mvms[index]! - mvms[index - 1]!).toBe(16 * cycle);
    }
  });
});

describe('buffers of 64 KiB hold large networks on ISAAC', () => {
  const scheduleOf = async (network: string, sets: readonly string[]) => {
    const { value: spec } = await readArchitecture(join(ROOT, 'arch/isaac.yaml'), sets);
    const { network: shapes } = await readNetworkToRun(join(ROOT, 'workloads/shapes', network));
    const lowered = lowerNetwork(shapes, false);
    return buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
  };

  test.each([
    ['resnet50.yaml', []],
    ['vgg16.yaml', ['chip.count=5', 'chip.chipLink={bandwidth: 25.6 GB/s, energy: 10 pJ/B}']],
  ])('%s: as outputs are spread over the tiles of copies and readers', async (network, sets) => {
    const { buffers } = await scheduleOf(network, sets);
    expect(buffers.length).toBeGreaterThan(50);
    for (const { least, granted, capacity } of buffers) {
      expect(least).toBeLessThanOrEqual(capacity);
      expect(granted).toBeLessThanOrEqual(capacity);
    }
  });

  test('vector work on long rows comes in parts of at most 4 KiB', async () => {
    const { stages } = await scheduleOf('resnet50.yaml', []);
    const of = (name: string) => stages.find((stage) => stage.name === name)!;
    // A row of 56 positions of 512 bytes in seven parts, one of 7 of 4,096 bytes too, 56 of 128 bytes in two.
    expect(of('conv2_1.add')).toMatchObject({ positionsPerTask: 8, tasks: 392 });
    expect(of('conv5.2.add')).toMatchObject({ positionsPerTask: 1, tasks: 49 });
    expect(of('pool')).toMatchObject({ positionsPerTask: 28, tasks: 112 });
  });
});
