import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { conversionRounds, conversionsPerColumn, extraColumns } from '../hardware/encoding.ts';
import { loadedSliceTimes, mvmTiming } from '../hardware/mvm-timing.ts';
import { routesOf } from '../hardware/routes.ts';
import { type Draft, originOf } from './draft.ts';
import { draftStages } from './draft-stages.ts';
import { digitalTime, type Placed, slicesOf, StageFinisher } from './finish-stages.ts';
import { leastCapacities, withLineBuffers } from './line-buffers.ts';
import { buffersHold } from './relieve-buffers.ts';
import { enoughBuffer, withRoom } from './spread-outputs.ts';
import type { LoweredNetwork } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { networkParts, placeParts } from './parts.ts';
import { crossbarCount, type Region } from './placement.ts';
import type { ProgrammedDemand } from './programmed-copies.ts';
import { type Judge, type Replication, replications } from './replication.ts';
import { resourceLoads } from './resource-loads.ts';
import type { Replica, Schedule, Stage } from './schedule.ts';

/** Where the analog layers of a network lie when it has not the whole chip for itself. */
export interface Whereabouts {
  /** Crossbars that it may use: from the first, so many. Left out: all. */
  readonly region?: Region | undefined;
  /** Copies of layers that are programmed already, by layer. */
  readonly copies?: ReadonlyMap<number, readonly Replica[]> | undefined;
}

/** A plan that may be made, and what it promises. */
export interface PlanChoice extends Pick<Replication, 'estimate' | 'fits'> {
  readonly crossbars: number;
  /** Tasks of an inference: what it costs to play one. */
  readonly tasks: number;
  build(): Schedule;
}

/** At least one: the plain plan first. */
export type PlanChoices = readonly [PlanChoice, ...PlanChoice[]];

/**
 * The static plan for one partition of a network on a chip: the plain one, layer by layer with all copies that shorten an
 * inference. Deterministic: the same input gives the same plan.
 * A Fault when crossbars, weight memory or MAC arrays are missing, naming layer, need and cure.
 */
export function buildSchedule(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
  whereabouts: Whereabouts = {},
): Schedule {
  return choices(lowered, partition, spec, whereabouts, false)[0].build();
}

/**
 * The choice of a run where none is played: the plain plan. Estimates leave waiting out, so another is taken only where buffers hold
 * what it needs, or not what the plain one needs either, and the estimate of the plain one is more than half above its.
 */
export function promising([plain, best]: PlanChoices): PlanChoice {
  if (best === undefined || (plain.fits && !best.fits)) return plain;
  return plain.estimate > CLEARLY * best.estimate ? best : plain;
}

const CLEARLY = 1.5;

/**
 * The plans of a network that has a chip for itself, which differ in copies of layers and where they lie: that of
 * `buildSchedule`, then the others, the most promising first; Faults like it.
 */
export function planChoices(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
): PlanChoices {
  return choices(lowered, partition, spec, {}, true);
}

function choices(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
  whereabouts: Whereabouts,
  others: boolean,
): PlanChoices {
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
  const finisher = new StageFinisher(drafts, lowered, spec);
  const output = drafts.findIndex((draft) => draft.value === originOf(lowered.network.output, lowered));
  const { positions, bytesPerPosition } = drafts[output]!;
  const outputBytes = positions * bytesPerPosition;
  const rowLengths = drafts.map(({ rowLength }) => rowLength);
  const stagesOf = (placed: ReadonlyMap<number, Placed>) => {
    const stages = finisher.stages(placed);
    const least = leastCapacities(stages, output);
    return { stages: withRoom(stages, least, rowLengths, spec), least };
  };
  const build = (placed: ReadonlyMap<number, Placed>): Schedule => {
    const { stages: unbuffered, least } = stagesOf(placed);
    const { stages, buffers } = withLineBuffers(unbuffered, output, spec);
    const parts = networkParts(stages, spec);
    const schedule = {
      partition,
      stages,
      output,
      outputBytes,
      crossbarsUsed: crossbarsUsed(stages),
      parts,
      buffers,
    };
    const most = buffers.reduce((bytes, { least: needed }) => Math.max(bytes, needed), 0);
    if (most <= spec.tile.buffer.capacity) return schedule;
    return { ...schedule, enoughBuffer: enoughBuffer(unbuffered, least, rowLengths, spec, Math.ceil(most)) };
  };
  const tasks = drafts.reduce((sum, draft) => sum + Math.ceil(draft.positions / draft.positionsPerTask), 0);
  const only = (placed: ReadonlyMap<number, Placed>): PlanChoices => [
    { estimate: 0, fits: true, crossbars: 0, tasks, build: () => build(placed) },
  ];

  const analog = drafts
    .map((draft, index) => ({ draft, index }))
    .filter(({ draft }) => draft.kind === 'analog');
  if (analog.length === 0) return only(new Map());
  const { region = { first: 0, count: crossbarCount(spec) }, copies } = whereabouts;
  if (copies !== undefined) {
    return only(
      new Map(analog.map(({ draft, index }) => [index, { copies: copies.get(draft.layers[0]!)!, part: 0 }])),
    );
  }
  const demands = analog.map(({ draft }) => demandOf(draft, lowered, spec));
  const placedAs = (replicas: Replication['replicas'], parts?: readonly number[]) =>
    new Map(analog.map(({ index }, at) => [index, { copies: replicas[at]!, part: parts?.[at] ?? 0 }]));
  const digital = digitalTime(drafts, spec);
  const needed = demands.reduce((sum, { blocks }) => sum + blocks, 0);
  if (needed > region.count || !others) {
    // The plain one, parts that take turns, or a Fault.
    const { replicas, parts } = placeParts(demands, spec, digital, region);
    return only(placedAs(replicas, parts));
  }
  const routes = routesOf(spec);
  const judge: Judge = (replicas) => {
    const { stages, least } = stagesOf(placedAs(replicas));
    const loads = resourceLoads({ stages, output, outputBytes }, spec, routes);
    return { estimate: Math.max(...Object.values(loads)), fits: buffersHold(stages, least, spec) };
  };
  const choice = ({ replicas, ...promised }: Replication): PlanChoice => ({
    ...promised,
    tasks,
    build: () => build(placedAs(replicas)),
  });
  const [plain, ...rest] = replications(demands, spec, digital, region, judge);
  return [choice(plain), ...rest.map(choice)];
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

/** The most crossbars that are used at once. */
function crossbarsUsed(stages: readonly Stage[]): number {
  const used: number[] = [];
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    used[stage.part] = (used[stage.part] ?? 0) + stage.replicas.length * stage.blocks.length;
  }
  return used.reduce((most, count) => Math.max(most, count ?? 0), 0);
}

function demandOf(draft: Draft, lowered: LoweredNetwork, spec: ArchitectureSpec): ProgrammedDemand {
  const { name, blocks: contents, positions } = draft;
  const occupancy = analogOccupancy(draft, lowered, spec);
  return { name, blocks: contents.length, contents, positions, occupancy };
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
