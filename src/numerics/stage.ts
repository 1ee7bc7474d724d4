import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { type LoweredNetwork, lowerNetwork, networkMacs } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import type { Network } from '../network/network.ts';
import type { Calibration } from './calibration.ts';
import { type CellPhysics, cellPhysics, idealPhysics } from './cells.ts';
import { chipsDiffer } from './chips-differ.ts';
import { type Path, planForward } from './forward-plan.ts';
import { type ChipRange, digitalPath, floatPath, partitionPaths } from './paths.ts';
import { Simulation } from './simulation.ts';

/** What a run is about, the same in every thread; it is sent to a worker once. */
export interface RunContext {
  readonly network: Network;
  readonly inputSigned: boolean;
  readonly spec: ArchitectureSpec;
  readonly partitions: readonly Partition[];
  readonly seed: number;
  /** Simulate slices and conversions even where they lose nothing, when false. */
  readonly collapse: boolean;
}

/**
 * A part of a run over one memory: observing activations in float32, counting partial sums on ideal cells or what word
 * lines are driven with, or computing the answers of partitions on some chips.
 */
export type Stage =
  | { readonly kind: 'observe'; readonly images: number }
  | {
      readonly kind: 'count' | 'drive';
      readonly images: number;
      readonly calibration: Calibration;
      readonly layers: readonly number[];
    }
  | {
      readonly kind: 'answer';
      readonly images: number;
      readonly calibration: Calibration;
      readonly chips: ChipRange;
      /** Whether the float and the digital network answer too, before the partitions. */
      readonly baselines: boolean;
    };

/** The simulation of a stage: the same in every thread that builds it. */
export function buildStage(context: RunContext, lowered: LoweredNetwork, stage: Stage): Simulation {
  const { spec, seed } = context;
  const physics = physicsOf(spec);
  const common = { lowered, spec, images: stage.images, paths: stagePaths(context, lowered, stage) };
  if (stage.kind === 'answer') {
    const { chips, calibration } = stage;
    const slots = chipsDiffer(spec) ? chips.count : 1;
    return new Simulation({ ...common, calibration, physics, chips: { slots, seed, first: chips.first } });
  }
  const ideal = { physics: idealPhysics(physics), chips: { slots: 1, seed, first: 0 } };
  if (stage.kind === 'observe') return new Simulation({ ...common, ...ideal, calibration: undefined });
  const watched = stage.kind === 'count' ? { counted: stage.layers } : { driven: stage.layers };
  return new Simulation({ ...common, ...ideal, calibration: stage.calibration, ...watched });
}

/** The lowered network of a run, in a thread that has only its plain parts. */
export function loweredOf({ network, inputSigned }: RunContext): LoweredNetwork {
  return lowerNetwork(network, inputSigned);
}

/**
 * Inferences at once: enough work for a job of some tenths of a second, at least 4 so that small layers are worth
 * a call, and few enough that every thread gets some.
 */
export function imagesPerJob(
  context: RunContext,
  lowered: LoweredNetwork,
  stage: Stage,
  images: number,
  threads: number,
): number {
  const { nodes } = planForward(lowered, stagePaths(context, lowered, stage));
  const products = nodes.filter(({ kind }) => kind === 'mvm').length;
  const layers = Math.max(1, lowered.candidates.length);
  const work = 1 + (products / layers) * networkMacs(lowered);
  const share = Math.ceil(images / (4 * threads));
  return Math.max(1, Math.min(share, MOST_IMAGES, Math.max(LEAST_IMAGES, Math.round(JOB_MACS / work))));
}

/** Number of paths that come before those of the partitions. */
export function baselinePaths(stage: Stage): number {
  return stage.kind === 'answer' && stage.baselines ? 2 : 0;
}

const JOB_MACS = 1e9;
const LEAST_IMAGES = 4;
const MOST_IMAGES = 32;

function stagePaths(context: RunContext, lowered: LoweredNetwork, stage: Stage): readonly Path[] {
  if (stage.kind !== 'answer') return [floatPath];
  const { spec, partitions, collapse } = context;
  const { calibration, chips, baselines } = stage;
  const physics = physicsOf(spec);
  const paths = partitionPaths(lowered, spec, partitions, calibration, physics, chips, collapse);
  return baselines ? [floatPath, digitalPath, ...paths] : paths;
}

function physicsOf(spec: ArchitectureSpec): CellPhysics {
  return spec.analogCore === undefined ? idealPhysics() : cellPhysics(spec.analogCore.cell);
}
