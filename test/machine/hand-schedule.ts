import { type ActionTable, actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import type { ActivitySink } from '../../src/machine/activity.ts';
import { type MachineOptions, type MachineRun, playSchedule } from '../../src/machine/machine.ts';
import type { AnalogStage, LoadStage, Schedule, Source, Stage } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';

/**
 * A chip in which everything is a whole number of ticks: a port or a link passes a byte a tick, a router takes `hop` ticks,
 * an MVM takes as many ticks as its block has columns (crossbars and adders are instant, one converter), a vector
 * operation takes a tick. What carries no bytes takes no time.
 */
export function tickChip(tiles: number, changes: SpecChanges = {}, hop = 0): ArchitectureSpec {
  const base = testSpec();
  return testSpec({
    ...changes,
    chip: {
      tiles,
      interconnect: { ...base.chip.interconnect, linkBandwidth: 1e12, hopLatency: hop * 1e-12 },
      memory: { ...base.chip.memory, bandwidth: 1e12, latency: 0 },
      ...changes.chip,
    },
    tile: {
      analogCores: 1,
      digitalCores: 1,
      buffer: { ...base.tile.buffer, bandwidth: 1e12 },
      ...changes.tile,
    },
    crossbars: changes.crossbars ?? 1,
    crossbar: { readTime: 0, ...changes.crossbar },
    adcBank: { count: 1, adc: sarAdc(8, { sampleRate: 1e12 }) as never, ...changes.adcBank },
    shiftAndAdd: { rate: undefined, ...changes.shiftAndAdd },
    digitalCore: {
      clock: 1e12,
      vectorUnit: { ...base.digitalCore!.vectorUnit, lanes: 1 },
      ...changes.digitalCore,
    },
  });
}

interface Common {
  readonly tasks: number;
  readonly capacity: number;
  /** Tile of the output of every task; 0 unless given. */
  readonly home?: number;
  readonly outputBytes?: number;
  readonly sources?: readonly Source[];
}

/** One position a task. */
function common(index: number, name: string, { tasks, capacity, home = 0, ...rest }: Common) {
  return {
    ...{ index, name: `${name} ${index}`, layers: index === 0 ? [] : [index - 1], positions: tasks },
    ...{ positionsPerTask: 1, tasks, capacity, sources: rest.sources ?? [], part: 0 },
    ...{ outputBytesPerPosition: rest.outputBytes ?? 0, homes: new Int32Array(tasks).fill(home) },
  };
}

export function loadStage(index: number, shape: Common): LoadStage {
  return { ...common(index, 'load', shape), kind: 'load' };
}

/** MVMs of `time` ticks each, on one copy per crossbar. */
export function mvmStage(
  index: number,
  shape: Common & { readonly time: number; readonly crossbars: readonly number[]; readonly slices?: number },
): AnalogStage {
  const block = {
    group: 0,
    groups: 1,
    rowStart: 0,
    rows: 1,
    columnStart: 0,
    columns: shape.time,
    biasRows: 0,
  };
  return {
    ...common(index, 'mvm', shape),
    kind: 'analog',
    blocks: [block],
    replicas: shape.crossbars.map((crossbar) => ({ crossbars: [crossbar] })),
    inputSlices: shape.slices ?? 1,
    macsPerPosition: 1,
    operationsPerPosition: 0,
    chargedPerPosition: 0,
  };
}

/** Task n needs the n-th position (n = 1, 2, …) and then lets go of it. */
export function oneByOne(stage: number, tasks: number, bytes = 0): Source {
  return {
    stage,
    required: Int32Array.from({ length: tasks }, (_, task) => task + 1),
    released: Int32Array.from({ length: tasks }, (_, task) => task + 1),
    bytes: new Float64Array(tasks).fill(bytes),
  };
}

export function handSchedule(stages: readonly Stage[], output: number, outputBytes = 0): Schedule {
  const partition = { name: 'hand', analog: [] } as unknown as Schedule['partition'];
  return { partition, stages, output, outputBytes, crossbarsUsed: 0, buffers: [], parts: [] };
}

/** One activity, as the machine tells it. */
export interface Told {
  readonly component: string;
  readonly action: string;
  readonly unit: number;
  readonly count: number;
  readonly start: number;
  readonly end: number;
  readonly stage: number;
  readonly inference: number;
}

/** Writes down everything that the machine tells. */
export function notebook(table: ActionTable): ActivitySink & { readonly told: Told[] } {
  const told: Told[] = [];
  return {
    told,
    record(action, unit, count, start, end, stage, inference) {
      const { component, name } = table.actions[action]!;
      told.push({
        ...{ component: table.components[component]!.name, action: name },
        ...{ unit, count, start, end, stage, inference },
      });
    },
  };
}

/** Plays a schedule, every inference, and writes everything down. */
export function playInFull(
  schedule: Schedule,
  spec: ArchitectureSpec,
  inferences: number,
  options: Partial<MachineOptions> = {},
): { readonly run: MachineRun; readonly told: readonly Told[] } {
  const table = actionTable(inventory(spec));
  const sink = notebook(table);
  const taskPolicy = taskPolicies.parts[0]!;
  const run = playSchedule(schedule, spec, table, { inferences, taskPolicy, sink, ...options });
  return { run, told: sink.told };
}
