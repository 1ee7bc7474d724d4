import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import { checkNumerics } from './accuracy-checks.ts';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibration.ts';
import { LocalCrew, programAll } from './crew.ts';
import { imagesPerJob, type RunContext, type Stage } from './stage.ts';

/** What a partition of a network answers on one simulated chip. */
export interface LogitsRequest {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly partition: Partition;
  /** Preprocessed float32 [images][elements of the network's input]. */
  readonly images: Float32Array;
  /** Calibration images like them, or what an earlier calibration gave. */
  readonly calibration: Float32Array | Calibration;
  readonly seed: number;
  /** Which chip; 0 when left out. */
  readonly chip?: number;
  /** False: simulate slices and conversions even where they lose nothing. The logits are the same. */
  readonly collapse?: boolean;
  /** Images computed at once; the logits do not depend on it. */
  readonly imagesAtOnce?: number;
}

/** Logits [images][outputs] of the partition, of the all-digital int8 network and of the float32 network. */
export interface Logits {
  readonly partition: Float32Array;
  readonly digital: Float32Array;
  readonly float: Float32Array;
  readonly calibration: Calibration;
}

/**
 * Logits of one partition on one chip, computed in the calling thread: for tests, notebooks and small studies. The
 * same numbers as `measureAccuracy` judges, for the same seed and calibration images.
 */
export async function simulateLogits(request: LogitsRequest): Promise<Logits> {
  const { lowered, spec, partition, images, seed, chip = 0, collapse = true } = request;
  const given = request.calibration instanceof Float32Array ? request.calibration : undefined;
  checkNumerics(lowered, spec, [partition], { images, calibration: given });
  const { network, inputSigned } = lowered;
  const context: RunContext = { network, inputSigned, spec, partitions: [partition], seed, collapse };
  const elements = elementCount(network.input.shape);
  const count = images.length / elements;
  const empty = new Float32Array();
  const crew = new LocalCrew(context, lowered, {
    images,
    labels: new Uint8Array(count),
    calibration: given ?? empty,
  });
  const calibration =
    request.calibration instanceof Float32Array
      ? await calibrate(crew, context, lowered, { images: request.calibration })
      : request.calibration;

  const chips = { first: chip, count: 1 };
  const stage: Stage = { kind: 'answer', images: 1, calibration, chips, baselines: true };
  const atOnce = request.imagesAtOnce ?? imagesPerJob(context, lowered, stage, count, 1);
  const simulation = crew.begin({ ...stage, images: Math.min(atOnce, count) });
  await programAll(crew, simulation);
  const outputs = elementCount(network.layers[network.output]!.outputShape);
  const answers = [0, 1, 2].map(() => new Float32Array(count * outputs));
  crew.thread.answer(images, 0, count, (path, values, start) => {
    answers[path]!.set(values, start * outputs);
  });
  await crew.close();
  return { float: answers[0]!, digital: answers[1]!, partition: answers[2]!, calibration };
}
