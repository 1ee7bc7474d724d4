import type { ArchitectureSpec } from '../hardware/architecture.ts';
import {
  bitLinesPerColumn,
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
} from '../hardware/encoding.ts';
import { mvmTiming, type SliceTimes, sliceTimes } from '../hardware/mvm-timing.ts';
import { type BlockNumbers, numberBlocks } from '../mapping/block-numbers.ts';
import { weightCells } from '../mapping/blocks.ts';
import { PARTIAL_SUM_BYTES, type PartialSums, partialSumsOf } from '../mapping/partial-sums.ts';
import { coreOfCrossbar, tileOfCrossbar } from '../mapping/placement.ts';
import type { AnalogStage, Replica, Stage } from '../mapping/schedule.ts';
import { type CopyTiles, copyTiles } from '../mapping/multicast-tree.ts';
import { unitOf } from './task-place.ts';
import { ticks } from './ticks.ts';

/** What one MVM of a layer takes on any of its copies: times in ticks, and how often each part acts. */
export interface MvmPlan {
  /** Rounds of conversion: the input slices, or one for all of them. */
  readonly slices: number;
  /** Closed form when every crossbar has converters of its own. */
  readonly latency: number;
  readonly occupancy: number;
  readonly crossbars: number;
  readonly drives: number;
  readonly cellReads: number;
  readonly samples: number;
  readonly conversions: number;
  readonly additions: number;
  /** Bytes into the input and output registers. */
  readonly registerBytes: number;
}

/** One copy of a layer: where it lies, and what an MVM takes there. Worked out once. */
export interface AnalogPlan {
  readonly mvm: MvmPlan;
  /** Per slice, when the converters of a core are shared: they are queued for. */
  readonly sharedBank: SharedBank | undefined;
  /** Tiles that hold the copy's blocks, and what of the input each needs. */
  readonly tiles: CopyTiles;
  /** Bytes of partial sums that each tile sends to the one where they meet and the output stays. */
  readonly partialSums: readonly PartialSums[];
}

export interface SharedBank {
  /** Before the next MVM may start on the same crossbars, where nobody else uses the converters. */
  readonly occupancy: number;
  readonly read: number;
  readonly add: number;
  /** Conversion time of one slice in each core that the replica uses. */
  readonly banks: readonly { readonly core: number; readonly convert: number }[];
}

/** By stage and replica; none for stages that are not analog. */
export type AnalogPlans = readonly (readonly AnalogPlan[])[];

/** The plan of each replica of each analog stage. */
export function analogPlans(stages: readonly Stage[], spec: ArchitectureSpec): AnalogPlans {
  return stages.map((stage) => {
    if (stage.kind !== 'analog') return [];
    const layer = layerPlan(stage, spec);
    return stage.replicas.map((replica) => copyPlan(layer, replica, spec));
  });
}

/** The plan of the replica that computes a task. */
export function planOf(plans: AnalogPlans, stage: AnalogStage, task: number): AnalogPlan {
  return plans[stage.index]![unitOf(stage, task)]!;
}

/** What every copy of a layer has in common. */
interface LayerPlan {
  readonly mvm: MvmPlan;
  readonly numbers: BlockNumbers;
  /** Of each block: conversions of a round. */
  readonly conversions: Int32Array;
  /** Of a round, in ticks, with the most conversions that a block has. */
  readonly paced: SliceTimes;
}

function layerPlan(stage: AnalogStage, spec: ArchitectureSpec): LayerPlan {
  const { encoding } = spec;
  const core = spec.analogCore!;
  const slices = stage.inputSlices;
  const rounds = conversionRounds(encoding, slices);
  const perColumn = conversionsPerColumn(encoding);
  const interleaved = core.crossbar.wires?.pairs === 'interleaved';
  const lines = bitLinesPerColumn(encoding, interleaved);
  const extra = extraColumns(encoding);
  const numbers = numberBlocks(stage.blocks);
  const outputs = numbers.outputs.reduce((sum, count) => sum + count, 0);

  let wordLines = 0;
  let cells = 0;
  let columns = 0;
  let inputRows = 0;
  const conversions = new Int32Array(stage.blocks.length);
  stage.blocks.forEach((block, index) => {
    const blockColumns = block.groups * (block.columns + extra);
    conversions[index] = blockColumns * perColumn;
    wordLines += block.groups * block.rows + block.biasRows;
    cells += weightCells(block, encoding);
    columns += blockColumns;
    inputRows += block.groups * block.rows;
  });

  const widest = conversions.reduce((most, count) => Math.max(most, count), 0);
  const times = sliceTimes(spec, widest, slices / rounds);
  const paced = { read: ticks(times.read), convert: ticks(times.convert), add: ticks(times.add) };
  const timing = mvmTiming(paced, rounds);
  return {
    mvm: {
      slices: rounds,
      latency: timing.latency,
      occupancy: timing.occupancy,
      crossbars: stage.blocks.length,
      drives: wordLines * (interleaved ? 2 : 1) * slices,
      cellReads: cells * slices,
      samples: columns * lines * slices,
      conversions: columns * perColumn * rounds,
      // Every code is shifted and added; then the row blocks of a column, and their unit columns, are put together.
      additions: columns * perColumn * rounds + (columns - outputs),
      registerBytes: inputRows * Math.ceil(encoding.inputBits / 8) + columns * PARTIAL_SUM_BYTES,
    },
    numbers,
    conversions,
    paced,
  };
}

function copyPlan(
  { mvm, numbers, conversions, paced }: LayerPlan,
  replica: Replica,
  spec: ArchitectureSpec,
): AnalogPlan {
  const { crossbars } = replica;
  const tileOf = (crossbar: number) => tileOfCrossbar(spec, crossbar);
  return {
    mvm,
    sharedBank: spec.analogCore!.adcBank.sharedBy === 'core' ? sharedBank() : undefined,
    tiles: copyTiles(replica, numbers, tileOf),
    partialSums: partialSumsOf(replica, numbers, tileOf),
  };
  function sharedBank(): SharedBank {
    const perCore = conversionsPerCore(crossbars, conversions, spec);
    const banks = [...perCore].map(([core, count]) => ({
      core,
      convert: ticks(sliceTimes(spec, count).convert),
    }));
    const slowest = banks.reduce((most, { convert }) => Math.max(most, convert), 0);
    const { occupancy } = mvmTiming({ ...paced, convert: slowest }, mvm.slices);
    return { read: paced.read, add: paced.add, occupancy, banks };
  }
}

/** Conversions of a round in each core of a copy. */
function conversionsPerCore(
  crossbars: readonly number[],
  conversions: Int32Array,
  spec: ArchitectureSpec,
): ReadonlyMap<number, number> {
  const perCore = new Map<number, number>();
  let core = -1;
  let sum = 0;
  for (let block = 0; block < crossbars.length; block++) {
    const at = coreOfCrossbar(spec, crossbars[block]!);
    if (at !== core) {
      if (core >= 0) perCore.set(core, sum);
      core = at;
      sum = perCore.get(core) ?? 0;
    }
    sum += conversions[block]!;
  }
  return perCore.set(core, sum);
}
