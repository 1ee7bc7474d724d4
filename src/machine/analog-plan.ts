import type { ArchitectureSpec } from '../hardware/architecture.ts';
import {
  bitLinesPerColumn,
  conversionRounds,
  conversionsPerColumn,
  extraColumns,
} from '../hardware/encoding.ts';
import { mvmTiming, sliceTimes } from '../hardware/mvm-timing.ts';
import { outputsOf } from '../mapping/pieces.ts';
import { weightCells } from '../mapping/blocks.ts';
import { PARTIAL_SUM_BYTES, type PartialSums, partialSumsOf } from '../mapping/partial-sums.ts';
import { coreOfCrossbar, tileOfCrossbar } from '../mapping/placement.ts';
import type { AnalogStage, Stage } from '../mapping/schedule.ts';
import { type CopyTiles, copyTiles } from '../mapping/multicast-tree.ts';
import { unitOf } from './task-place.ts';
import { ticks } from './ticks.ts';

/** What one MVM on one replica takes: times in ticks, and how often each part acts. Worked out once. */
export interface AnalogPlan {
  /** Rounds of conversion: the input slices, or one for all of them. */
  readonly slices: number;
  /** Closed form when every crossbar has converters of its own. */
  readonly latency: number;
  readonly occupancy: number;
  /** Per slice, when the converters of a core are shared: they are queued for. */
  readonly sharedBank: SharedBank | undefined;
  /** Tiles that hold the copy's blocks, and what of the input each needs. */
  readonly tiles: CopyTiles;
  /** Tile where partial sums meet and the output stays. */
  readonly home: number;
  /** Bytes of partial sums that each other tile sends there. */
  readonly partialSums: readonly PartialSums[];
  readonly cores: readonly number[];
  readonly crossbars: number;
  readonly drives: number;
  readonly cellReads: number;
  readonly samples: number;
  readonly conversions: number;
  readonly additions: number;
  readonly registerInBytes: number;
  readonly registerOutBytes: number;
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
    const outputs = outputsOf(stage.blocks);
    return stage.replicas.map((_, replica) => analogPlan(stage, replica, outputs, spec));
  });
}

/** The plan of the replica that computes a task. */
export function planOf(plans: AnalogPlans, stage: AnalogStage, task: number): AnalogPlan {
  return plans[stage.index]![unitOf(stage, task)]!;
}

function analogPlan(
  stage: AnalogStage,
  replica: number,
  outputs: number,
  spec: ArchitectureSpec,
): AnalogPlan {
  const { encoding } = spec;
  const core = spec.analogCore!;
  const slices = stage.inputSlices;
  const rounds = conversionRounds(encoding, slices);
  const reads = slices / rounds;
  const perColumn = conversionsPerColumn(encoding);
  const interleaved = core.crossbar.wires?.pairs === 'interleaved';
  const lines = bitLinesPerColumn(encoding, interleaved);
  const extra = extraColumns(encoding);
  const crossbars = stage.replicas[replica]!.crossbars;
  const byteWidth = Math.ceil(encoding.inputBits / 8);
  const home = tileOfCrossbar(spec, crossbars[0]!);

  let drives = 0;
  let cells = 0;
  let columns = 0;
  let widest = 0;
  let inputRows = 0;
  const perCore = new Map<number, number>();
  stage.blocks.forEach((block, index) => {
    const crossbar = crossbars[index]!;
    const blockColumns = block.groups * (block.columns + extra);
    const wordLines = block.groups * block.rows + block.biasRows;
    const conversions = blockColumns * perColumn;
    const coreIndex = coreOfCrossbar(spec, crossbar);
    drives += wordLines * (interleaved ? 2 : 1);
    cells += weightCells(block, encoding);
    columns += blockColumns;
    inputRows += block.groups * block.rows;
    widest = Math.max(widest, conversions);
    perCore.set(coreIndex, (perCore.get(coreIndex) ?? 0) + conversions);
  });

  const times = sliceTimes(spec, widest, reads);
  const paced = { read: ticks(times.read), convert: ticks(times.convert), add: ticks(times.add) };
  const timing = mvmTiming(paced, rounds);
  return {
    slices: rounds,
    latency: timing.latency,
    occupancy: timing.occupancy,
    sharedBank: core.adcBank.sharedBy === 'core' ? sharedBank() : undefined,
    home,
    tiles: copyTiles(stage, replica, (crossbar) => tileOfCrossbar(spec, crossbar)),
    partialSums: partialSumsOf(stage, replica, spec),
    cores: [...perCore.keys()],
    crossbars: crossbars.length,
    drives: drives * slices,
    cellReads: cells * slices,
    samples: columns * lines * slices,
    conversions: columns * perColumn * rounds,
    // Every code is shifted and added; then the row blocks of a column, and their unit columns, are put together.
    additions: columns * perColumn * rounds + (columns - outputs),
    registerInBytes: inputRows * byteWidth,
    registerOutBytes: columns * PARTIAL_SUM_BYTES,
  };
  function sharedBank(): SharedBank {
    const banks = [...perCore].map(([index, conversions]) => ({
      core: index,
      convert: ticks(sliceTimes(spec, conversions).convert),
    }));
    const slowest = banks.reduce((most, { convert }) => Math.max(most, convert), 0);
    const { occupancy } = mvmTiming({ ...paced, convert: slowest }, rounds);
    return { read: paced.read, add: paced.add, occupancy, banks };
  }
}
