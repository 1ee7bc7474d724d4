import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { cutIntoBlocks } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import { checkNumerics } from './accuracy-checks.ts';
import { calibrateGrids, type CalibrationSet, forAll } from './calibrate.ts';
import type { CalibrationMemory } from './calibration-memory.ts';
import { cellPhysics } from './cells.ts';
import type { Crew } from './crew.ts';
import { addDriveCounts, type DriveCounts } from './drive-counts.ts';
import { analogDesign, analogLayers } from './paths.ts';
import { PoolCrew } from './pool-crew.ts';
import { type ReadActivity, readActivity } from './read-activity.ts';
import type { RunContext, Stage } from './stage.ts';

/** Whose reads are to be watched. */
export interface ReadsRequest {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  /** Their analog layers are watched. */
  readonly partitions: readonly Partition[];
  /** Preprocessed calibration images [images][elements of the network's input]. */
  readonly calibration: Float32Array;
  readonly calibrations?: CalibrationMemory | undefined;
  readonly seed: number;
  /** Worker threads; the result does not depend on it. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calibration images whose inputs are watched at the most: densities of single images differ by a tenth or so. */
export const WATCHED_IMAGES = 64;

/**
 * What the reads of every analog layer take with its own conductances and inputs: the cells as programmed on the first
 * simulated chip, the inputs as the float32 network has them on the first calibration images, on the grids of the
 * crossbars. What noise upstream does to the inputs is left out.
 */
export async function measureReads(request: ReadsRequest): Promise<readonly ReadActivity[]> {
  const { lowered, spec, partitions, calibration, seed, signal } = request;
  const { network, inputSigned } = lowered;
  checkNumerics(lowered, spec, partitions, { images: calibration, calibration });
  if (analogLayers(partitions).length === 0) return [];
  const context: RunContext = { network, inputSigned, spec, partitions, seed, collapse: true };
  const data = { images: new Float32Array(), labels: new Uint8Array(), calibration };
  const crew = new PoolCrew(context, lowered, data, request.workers, signal);
  try {
    return await watchReads(crew, context, lowered, { images: calibration, memory: request.calibrations });
  } finally {
    await crew.close();
  }
}

/** The same by a crew that has the calibration images. */
export async function watchReads(
  crew: Crew,
  context: RunContext,
  lowered: LoweredNetwork,
  set: CalibrationSet,
): Promise<readonly ReadActivity[]> {
  const { spec, network } = context;
  const layers = analogLayers(context.partitions);
  const grids = await calibrateGrids(crew, context, lowered, set);
  const images = Math.min(WATCHED_IMAGES, set.images.length / elementCount(network.input.shape));
  const stage: Stage = { kind: 'drive', images: 1, calibration: { grids, ranges: {} }, layers };
  const drives: DriveCounts[] = [];
  await forAll(crew, context, lowered, stage, images, ({ drives: parts }) => {
    parts!.forEach((part, index) => {
      if (drives[index] === undefined) drives[index] = part;
      else addDriveCounts(drives[index], part);
    });
  });
  const results = await Promise.all(layers.map((layer) => crew.run({ kind: 'conduct', layer, chip: 0 })));
  const physics = cellPhysics(spec.analogCore!.cell);
  return layers.map((layer, index) => {
    const design = analogDesign(lowered, spec, physics, grids, layer);
    const blocks = cutIntoBlocks(design.geometry.lowering, spec);
    const { name } = network.layers[layer]!;
    return readActivity(name, spec, design, physics, blocks, results[index]!.currents!, drives[index]!);
  });
}
