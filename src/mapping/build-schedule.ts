import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import {
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
  inputSliceBits,
} from '../hardware/encoding.ts';
import { loadedSliceTimes, mvmTiming } from '../hardware/mvm-timing.ts';
import type { MvmLowering, Streaming } from '../network/operator.ts';
import { digitalTaskCycles } from './digital-work.ts';
import { type Draft, type DraftSource, draftStages, originOf } from './draft.ts';
import { type LoweredNetwork, mvmInputSigned } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { crossbarCount, place, tileOfCrossbar } from './placement.ts';
import type { AnalogStage, DigitalStage, LoadStage, Replica, Schedule, Source, Stage } from './schedule.ts';
import { distinctInputs, inputMarkers, newInputs } from './windows.ts';

/**
 * The static plan for one partition of a network on a chip. Deterministic: the same input gives the same plan.
 * A Fault when crossbars, weight memory or MAC arrays are missing, naming layer, need and cure.
 */
export function buildSchedule(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
): Schedule {
  if (partition.analog.length > 0 && crossbarCount(spec) === 0) {
    throw new Fault(
      `schedule ${partition.name} puts ${partition.analog.length} layers on crossbars, the chip has none`,
      {
        cure: 'add analog cores (tile.analogCores and analogCore), or use --schedule digital',
      },
    );
  }
  const drafts = draftStages(lowered, partition, spec);
  checkDigital(drafts, partition, spec);
  const replicas = placeAnalog(drafts, lowered, spec);
  const stages = drafts.map((draft, index) => finishStage(draft, index, drafts, replicas, lowered, spec));
  const output = drafts.findIndex((draft) => draft.value === originOf(lowered.network.output, lowered));
  const { positions, bytesPerPosition } = drafts[output]!;
  return {
    partition,
    stages,
    output,
    outputBytes: positions * bytesPerPosition,
    crossbarsUsed: stages.reduce(
      (sum, stage) => sum + (stage.kind === 'analog' ? stage.replicas.length * stage.blocks.length : 0),
      0,
    ),
  };
}

function checkDigital(drafts: readonly Draft[], partition: Partition, spec: ArchitectureSpec): void {
  const products = drafts.filter((draft) => draft.product !== undefined);
  const first = products[0];
  if (first === undefined) return;
  const core = spec.digitalCore;
  if (core?.macArray === undefined || core.weightMemory === undefined) {
    throw new Fault(
      `layer ${first.name} is digital in schedule ${partition.name}, but digitalCore has no macArray`,
      {
        cure: products.some(({ product }) => product!.constant)
          ? 'use --schedule analog, or give digitalCore a macArray and a weightMemory'
          : 'it multiplies activations: give digitalCore a macArray and a weightMemory',
      },
    );
  }
  let bytes = 0;
  for (const { product } of products) {
    if (product?.constant) bytes += product.groups * product.rows * product.columns;
  }
  if (bytes > core.weightMemory.capacity) {
    throw new Fault(
      `the digital layers of schedule ${partition.name} have ${bytes} bytes of weights, digitalCore.weightMemory holds ${core.weightMemory.capacity}`,
      { cure: 'raise digitalCore.weightMemory.capacity, or put more layers on crossbars' },
    );
  }
}

function placeAnalog(
  drafts: readonly Draft[],
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
): ReadonlyMap<number, readonly Replica[]> {
  const analog = drafts
    .map((draft, index) => ({ draft, index }))
    .filter(({ draft }) => draft.kind === 'analog');
  const demands = analog.map(({ draft }) => ({
    name: draft.name,
    blocks: draft.blocks.length,
    positions: draft.positions,
    occupancy: analogOccupancy(draft, lowered, spec),
    portTime: portTime(draft, lowered, spec),
  }));
  const placed = place(demands, spec, digitalTime(drafts, spec));
  return new Map(analog.map(({ index }, position) => [index, placed[position]!]));
}

// Inputs leave through a buffer and perhaps a link; accumulators arrive at a buffer and leave it again.
function portTime(draft: Draft, lowered: LoweredNetwork, spec: ArchitectureSpec): number {
  const markers = inputMarkers(draft.lowering as MvmLowering);
  const source = draft.sources[0]!;
  const perElement = source.bytes / operandElements(source, draft, lowered);
  let inputBytes = 0;
  for (let position = 0; position < draft.positions; position++) {
    inputBytes += fetched(source, draft, position, position + 1, markers, perElement);
  }
  const outputBytes = 2 * draft.positions * draft.bytesPerPosition;
  const { buffer } = spec.tile;
  return Math.max(
    inputBytes / spec.chip.interconnect.linkBandwidth,
    (inputBytes + outputBytes) / buffer.bandwidth,
  );
}

function analogOccupancy(draft: Draft, lowered: LoweredNetwork, spec: ArchitectureSpec): number {
  const { encoding } = spec;
  const perColumn = conversionsPerColumn(encoding);
  const extra = extraColumns(encoding);
  const conversions = Math.max(
    ...draft.blocks.map(({ groups, columns }) => groups * (columns + extra) * perColumn),
  );
  const slices = slicesOf(draft, lowered, spec);
  const rounds = conversionRounds(encoding, slices);
  return mvmTiming(loadedSliceTimes(spec, conversions, slices / rounds), rounds).occupancy;
}

function slicesOf(draft: Draft, lowered: LoweredNetwork, spec: ArchitectureSpec): number {
  return inputSliceBits(spec.encoding, mvmInputSigned(lowered, draft.layers[0]!)).length;
}

// s of digital work per inference, spread over all cores.
function digitalTime(drafts: readonly Draft[], spec: ArchitectureSpec): number {
  const core = spec.digitalCore;
  if (core === undefined) return 0;
  let cycles = 0;
  for (const draft of drafts) {
    if (draft.kind !== 'digital') continue;
    for (let from = 0; from < draft.positions; from += draft.positionsPerTask) {
      const positions = Math.min(draft.positionsPerTask, draft.positions - from);
      const operations = (draft.operations * positions) / draft.positions;
      const work = digitalTaskCycles(core, draft.product, positions, operations);
      cycles += work.mac + work.vector;
    }
  }
  return cycles / core.clock / (spec.chip.tiles * spec.tile.digitalCores);
}

function finishStage(
  draft: Draft,
  index: number,
  drafts: readonly Draft[],
  replicas: ReadonlyMap<number, readonly Replica[]>,
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
): Stage {
  const tasks = Math.ceil(draft.positions / draft.positionsPerTask);
  const base = {
    index,
    name: draft.name,
    layers: draft.layers,
    positions: draft.positions,
    positionsPerTask: draft.positionsPerTask,
    tasks,
    sources: draft.sources.map((source) => finishSource(source, draft, tasks, drafts, lowered)),
    outputBytesPerPosition: draft.bytesPerPosition,
    homeTile: homeTile(index, drafts, replicas, spec),
  };
  if (draft.kind === 'load') {
    const stage: LoadStage = { ...base, kind: 'load' };
    return stage;
  }
  if (draft.kind === 'digital') {
    const stage: DigitalStage = {
      ...base,
      kind: 'digital',
      product: draft.product,
      operationsPerPosition: draft.operations / draft.positions,
    };
    return stage;
  }
  const { groups, rows, columns } = draft.lowering as MvmLowering;
  const stage: AnalogStage = {
    ...base,
    kind: 'analog',
    blocks: draft.blocks,
    replicas: replicas.get(index)!,
    inputSlices: slicesOf(draft, lowered, spec),
    macsPerPosition: groups * rows * columns,
  };
  return stage;
}

function finishSource(
  source: DraftSource,
  draft: Draft,
  tasks: number,
  drafts: readonly Draft[],
  lowered: LoweredNetwork,
): Source {
  const producerPositions = drafts[source.draft]!.positions;
  const required = new Int32Array(tasks);
  const bytes = new Float64Array(tasks);
  const markers = draft.lowering.kind === 'mvm' ? inputMarkers(draft.lowering) : undefined;
  const perElement = source.bytes / operandElements(source, draft, lowered);
  for (let task = 0; task < tasks; task++) {
    const from = task * draft.positionsPerTask;
    const to = Math.min(from + draft.positionsPerTask, draft.positions);
    required[task] = source.streamed
      ? lastRequired(draft.lowering, source.operand, to - 1, producerPositions) + 1
      : producerPositions;
    bytes[task] = fetched(source, draft, from, to, markers, perElement);
  }
  return { stage: source.draft, required, bytes };
}

function fetched(
  source: DraftSource,
  draft: Draft,
  from: number,
  to: number,
  markers: Uint8Array | undefined,
  perElement: number,
): number {
  const { lowering } = draft;
  if (lowering.kind !== 'mvm' || markers === undefined) return (source.bytes * (to - from)) / draft.positions;
  const elements =
    draft.kind === 'analog'
      ? newInputs(lowering, from, draft.rowLength, markers)
      : distinctInputs(lowering, from, to, markers);
  return elements * perElement;
}

function operandElements(source: DraftSource, draft: Draft, lowered: LoweredNetwork): number {
  if (draft.lowering.kind !== 'mvm') return 1;
  return elementCount(lowered.network.layers[draft.layers[0]!]!.inputShapes[source.operand]!);
}

function lastRequired(
  streaming: Streaming,
  operand: number,
  position: number,
  producerPositions: number,
): number {
  return Math.min(streaming.required(operand, position, producerPositions), producerPositions - 1);
}

// An analog stage lives where its first block is; a digital one stays with its first source.
function homeTile(
  index: number,
  drafts: readonly Draft[],
  replicas: ReadonlyMap<number, readonly Replica[]>,
  spec: ArchitectureSpec,
): number {
  const draft = drafts[index]!;
  if (draft.kind === 'analog') return tileOfCrossbar(spec, replicas.get(index)![0]!.crossbars[0]!);
  const source = draft.sources[0];
  return source === undefined ? 0 : homeTile(source.draft, drafts, replicas, spec);
}
