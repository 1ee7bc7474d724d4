import { Fault } from '../base/fault.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import {
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
  inputSliceBits,
} from '../hardware/encoding.ts';
import { loadedSliceTimes, mvmTiming } from '../hardware/mvm-timing.ts';
import { digitalTaskCycles, weightWidth } from './digital-work.ts';
import { type Draft, originOf } from './draft.ts';
import { draftStages } from './draft-stages.ts';
import { type LoweredNetwork, mvmInputSigned } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { networkParts, placeParts } from './parts.ts';
import { crossbarCount, type Region } from './placement.ts';
import type {
  AnalogStage,
  DigitalProduct,
  DigitalStage,
  LoadStage,
  Replica,
  Schedule,
  Stage,
} from './schedule.ts';
import { besideInputs, homesOfCopies, spreadInput } from './homes.ts';
import { withLineBuffers } from './line-buffers.ts';
import { finishSource } from './sources.ts';

/** Where the analog layers of a network lie when it has not the whole chip for itself. */
export interface Whereabouts {
  /** Crossbars that it may use: from the first, so many. Left out: all. */
  readonly region?: Region | undefined;
  /** Copies of layers that are programmed already, by layer. */
  readonly copies?: ReadonlyMap<number, readonly Replica[]> | undefined;
}

/**
 * The static plan for one partition of a network on a chip. Deterministic: the same input gives the same plan.
 * A Fault when crossbars, weight memory or MAC arrays are missing, naming layer, need and cure.
 */
export function buildSchedule(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
  whereabouts: Whereabouts = {},
): Schedule {
  if (partition.analog.length > 0 && crossbarCount(spec) === 0) {
    throw new Fault(
      `schedule ${partition.name} puts ${partition.analog.length} layers on crossbars, the chip has none`,
      {
        cure: 'add analog cores (tile.analogCores and analogCore), or use --schedule digital',
      },
    );
  }
  const drafts = draftStages(lowered, partition, spec, roomAtOnce(spec, whereabouts));
  checkDigital(drafts, partition, spec);
  const replicas = placeAnalog(drafts, lowered, spec, whereabouts);
  const bare: Stage[] = [];
  drafts.forEach((draft, index) =>
    bare.push(finishStage(draft, index, drafts, replicas, bare, lowered, spec)),
  );
  spreadInput(bare);
  const placed = loadsBesideReaders(bare);
  const output = drafts.findIndex((draft) => draft.value === originOf(lowered.network.output, lowered));
  const { stages, buffers } = withLineBuffers(placed, output, spec);
  const parts = networkParts(stages, spec);
  const { positions, bytesPerPosition } = drafts[output]!;
  return {
    partition,
    stages,
    output,
    outputBytes: positions * bytesPerPosition,
    crossbarsUsed: crossbarsUsed(stages),
    parts,
    buffers,
  };
}

/** Crossbars that a layer may take before it comes in pieces: without end where crossbars keep what they hold. */
function roomAtOnce(spec: ArchitectureSpec, { region, copies }: Whereabouts): number {
  const alone = region === undefined && copies === undefined;
  return alone && spec.analogCore?.programming !== undefined ? crossbarCount(spec) : Infinity;
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
}

/**
 * Bytes of weights that a core reads before it begins with a layer: none where the weight memory holds all digital
 * layers, else those of the layer, for every task where not even they fit.
 */
function streamedWeights(
  product: DigitalProduct | undefined,
  drafts: readonly Draft[],
  spec: ArchitectureSpec,
): DigitalProduct | undefined {
  const core = spec.digitalCore;
  if (product === undefined || !product.constant || core?.weightMemory === undefined) return product;
  const bytesOf = ({ groups, rows, columns }: DigitalProduct) => groups * rows * columns * weightWidth(core);
  const all = drafts.reduce((sum, draft) => sum + (draft.product?.constant ? bytesOf(draft.product) : 0), 0);
  const { capacity } = core.weightMemory;
  if (all <= capacity) return product;
  const bytes = bytesOf(product);
  return { ...product, streamedBytes: bytes, streamedEachTask: bytes > capacity };
}

/** What is read from memory is read in the first part of the network that needs it. */
function loadsBesideReaders(stages: readonly Stage[]): readonly Stage[] {
  return stages.map((stage) => {
    if (stage.kind !== 'load') return stage;
    const readers = stages.filter(({ sources }) => sources.some((source) => source.stage === stage.index));
    return readers.length === 0 ? stage : { ...stage, part: Math.min(...readers.map(({ part }) => part)) };
  });
}

/** The most crossbars that are used at once. */
function crossbarsUsed(stages: readonly Stage[]): number {
  const used: number[] = [];
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    used[stage.part] = (used[stage.part] ?? 0) + stage.replicas.length * stage.blocks.length;
  }
  return used.reduce((most, count) => Math.max(most, count ?? 0), 0);
}

function placeAnalog(
  drafts: readonly Draft[],
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  { region, copies }: Whereabouts,
): ReadonlyMap<number, Placed> {
  const analog = drafts
    .map((draft, index) => ({ draft, index }))
    .filter(({ draft }) => draft.kind === 'analog');
  if (copies !== undefined) {
    return new Map(
      analog.map(({ draft, index }) => [index, { copies: copies.get(draft.layers[0]!)!, part: 0 }]),
    );
  }
  const demands = analog.map(({ draft }) => ({
    name: draft.name,
    blocks: draft.blocks.length,
    positions: draft.positions,
    occupancy: analogOccupancy(draft, lowered, spec),
  }));
  const { replicas, parts } = placeParts(demands, spec, digitalTime(drafts, spec), region);
  return new Map(
    analog.map(({ index }, position) => [index, { copies: replicas[position]!, part: parts[position]! }]),
  );
}

/** Copies of an analog layer, and the part of the network that it belongs to. */
interface Placed {
  readonly copies: readonly Replica[];
  readonly part: number;
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
    if (draft.kind === 'load') continue;
    for (let from = 0; from < draft.positions; from += draft.positionsPerTask) {
      const positions = Math.min(draft.positionsPerTask, draft.positions - from);
      const operations = (draft.operations * positions) / draft.positions;
      const work = digitalTaskCycles(core, draft.product, positions, operations);
      cycles += work.mac + work.vector;
    }
  }
  return cycles / core.clock / (tileCount(spec) * spec.tile.digitalCores);
}

function finishStage(
  draft: Draft,
  index: number,
  drafts: readonly Draft[],
  placed: ReadonlyMap<number, Placed>,
  before: readonly Stage[],
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
): Stage {
  const tasks = Math.ceil(draft.positions / draft.positionsPerTask);
  const copies = placed.get(index)?.copies;
  const sources = draft.sources.map((source) =>
    finishSource(source, draft, tasks, copies?.length ?? 1, drafts, lowered),
  );
  const base = {
    index,
    name: draft.name,
    layers: draft.layers,
    positions: draft.positions,
    positionsPerTask: draft.positionsPerTask,
    tasks,
    sources,
    outputBytesPerPosition: draft.bytesPerPosition,
    homes: copies === undefined ? besideInputs(tasks, sources, before) : homesOfCopies(tasks, copies, spec),
    part:
      placed.get(index)?.part ??
      sources.reduce((part, source) => Math.max(part, before[source.stage]!.part), 0),
    capacity: draft.positions,
  };
  if (draft.kind === 'load') {
    const stage: LoadStage = { ...base, kind: 'load' };
    return stage;
  }
  if (draft.kind === 'digital') {
    const stage: DigitalStage = {
      ...base,
      kind: 'digital',
      product: streamedWeights(draft.product, drafts, spec),
      operationsPerPosition: draft.operations / draft.positions,
      chargedPerPosition: draft.charged / draft.positions,
    };
    return stage;
  }
  const weights = draft.blocks.reduce((sum, { groups, rows, columns }) => sum + groups * rows * columns, 0);
  const stage: AnalogStage = {
    ...base,
    kind: 'analog',
    blocks: draft.blocks,
    replicas: copies!,
    inputSlices: slicesOf(draft, lowered, spec),
    macsPerPosition: weights,
    operationsPerPosition: draft.operations / draft.positions,
    chargedPerPosition: draft.charged / draft.positions,
  };
  return stage;
}
