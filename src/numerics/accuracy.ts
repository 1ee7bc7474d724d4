import { elementCount } from '../base/tensor.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { evenly } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import type { ActivationGrid } from '../network/quantization.ts';
import { checkAccuracyCounts, checkNumerics } from './accuracy-checks.ts';
import type { AdcRange } from './adc-range.ts';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibration.ts';
import type { CalibrationMemory } from './calibration-memory.ts';
import { chipsDiffer } from './chips-differ.ts';
import { type Crew, programAll } from './crew.ts';
import { analogLayers } from './paths.ts';
import { PoolCrew } from './pool-crew.ts';
import { baselinePaths, buildStage, imagesPerJob, type RunContext, type Stage } from './stage.ts';
import type { Tally } from './stage-thread.ts';

export { type Logits, type LogitsRequest, simulateLogits } from './logits.ts';

/** Which partitions of a network to judge, on which simulated chips and images. */
export interface AccuracyRequest {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly partitions: readonly Partition[];
  /** Preprocessed float32 [images][elements of the network's input]; on a SharedArrayBuffer it is not copied. */
  readonly images: Float32Array;
  /** The right class of each image. */
  readonly labels: Uint8Array;
  /** Preprocessed images like `images` that decide quantization grids and converter ranges. */
  readonly calibration: Float32Array;
  /** What earlier calibrations found; absent: calibrates anew. The result does not depend on it. */
  readonly calibrations?: CalibrationMemory | undefined;
  /** Simulated chips: each is fabricated and programmed anew. */
  readonly chips: number;
  readonly seed: number;
  /** Worker threads; the result does not depend on it. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Chip images answered so far, of `chips` times the images. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface AccuracyResult {
  /** Images judged. */
  readonly samples: number;
  /** Right answers of the float32 network and of the all-digital int8 one on the same images. */
  readonly floatCorrect: number;
  readonly digitalCorrect: number;
  /** In the order of the request. */
  readonly partitions: readonly PartitionAnswers[];
  readonly calibration: readonly CalibratedOperand[];
  /** Of every logit computed, in hexadecimal: equal runs have equal hashes. */
  readonly logitsHash: string;
}

/** What one partition answered. */
export interface PartitionAnswers {
  readonly name: string;
  readonly correctPerChip: readonly number[];
  /** By chip and image: 1 where the answer is right; 255 times the gap between its two largest class probabilities. */
  readonly right: readonly Uint8Array[];
  readonly margins: readonly Uint8Array[];
}

/** The integers of one operand of an MVM layer or product, and of the converters behind it. */
export interface CalibratedOperand {
  readonly layer: number;
  readonly name: string;
  readonly operand: number;
  readonly digital: ActivationGrid;
  /** Of a layer that some partition puts on crossbars: its input grid and, by weight slice, converter ranges. */
  readonly analog?: { readonly grid: ActivationGrid; readonly converters: readonly AdcRange[] };
}

/**
 * Accuracy of partitions of a network on simulated chips, in worker threads.
 *
 * What is computed: MVM layers on digital cores multiply int8 codes exactly; those on crossbars multiply the
 * encoding's integers slice by slice through cells, noise and converters (`AnalogMvm`); products of activations are
 * int8 and always digital; everything else is float32 on the vector unit. Every quantized operand is float32 between
 * layers and rounded to its grid (`chooseGrids`) where it is multiplied.
 *
 * Chance: samples are keyed by seed, chip, layer, moment and position, read noise by the image's number as well; so
 * the result depends on neither workers, batches nor the other partitions, and partitions are compared under the
 * same chips and the same noise.
 *
 * Memory: shared by all threads, the weights (2 bytes each for digital cores, 4 for the float baseline) and the
 * conductances of up to 8 chips or 512 MiB (see `AnalogWeights`; further chips follow in rounds); for each thread
 * the activations of at most 32 images and some MiB of scratch. The sample networks stay below 20 MiB, beside what
 * images and Node itself take. A failed or aborted run rejects and leaves no thread.
 */
export async function measureAccuracy(request: AccuracyRequest): Promise<AccuracyResult> {
  const { lowered, spec, partitions, chips, seed, signal } = request;
  const { images, labels, calibration: calibrationImages } = request;
  const data = { images, labels, calibration: calibrationImages };
  checkNumerics(lowered, spec, partitions, data);
  const { network, inputSigned } = lowered;
  const elements = elementCount(network.input.shape);
  checkAccuracyCounts(images.length / elements, labels.length, chips, request.workers);
  signal?.throwIfAborted();
  const context: RunContext = { network, inputSigned, spec, partitions, seed, collapse: true };
  const crew = new PoolCrew(context, lowered, data, request.workers, signal);
  try {
    const set = { images: calibrationImages, memory: request.calibrations };
    const calibration = await calibrate(crew, context, lowered, set);
    const rounds: Tally[] = [];
    const stages = answerStages(context, lowered, calibration, chips, labels.length, crew.threads);
    let done = 0;
    for (const stage of stages) {
      rounds.push(
        await tallyStage(crew, stage, labels.length, (answered) => {
          done += answered * stage.chips.count;
          request.onProgress?.(done, labels.length * chips);
        }),
      );
    }
    return summarise(lowered, partitions, calibration, stages, rounds, labels.length);
  } finally {
    await crew.close();
  }
}

type AnswerStage = Stage & { readonly kind: 'answer' };

/** Shared memory that the chips of one round may fill. */
const CHIP_BYTES = 2 ** 29;
/** Chips of one round: enough to compute what they share once for many, few enough to plan with ease. */
const CHIPS_TOGETHER = 8;

/** Rounds of as many chips as fit in memory together; the first answers for the baselines too. */
function answerStages(
  context: RunContext,
  lowered: LoweredNetwork,
  calibration: Calibration,
  chips: number,
  images: number,
  threads: number,
): readonly AnswerStage[] {
  const one: AnswerStage = {
    kind: 'answer',
    images: 1,
    calibration,
    chips: { first: 0, count: 1 },
    baselines: true,
  };
  const { chipBytes } = buildStage(context, lowered, one);
  const fitting = Math.max(1, Math.floor(CHIP_BYTES / Math.max(1, chipBytes)));
  const together = !chipsDiffer(context.spec) ? chips : Math.min(CHIPS_TOGETHER, fitting);
  return evenly(chips, Math.ceil(chips / together)).map(([first, count], round) => {
    const stage = { ...one, chips: { first, count }, baselines: round === 0 };
    return { ...stage, images: imagesPerJob(context, lowered, stage, images, threads) };
  });
}

/** Programs the chips of a round and adds up the right answers of all images. */
async function tallyStage(
  crew: Crew,
  stage: AnswerStage,
  images: number,
  onAnswered: (images: number) => void,
): Promise<Tally> {
  const simulation = crew.begin(stage);
  await programAll(crew, simulation);
  const paths = simulation.setup.paths.length;
  const total: Tally = {
    ...{ correct: new Uint32Array(paths), hashes: new Uint32Array(paths) },
    ...{ right: new Uint8Array(paths * images), margins: new Uint8Array(paths * images) },
  };
  const parts = evenly(images, Math.ceil(images / stage.images));
  await Promise.all(
    parts.map(async ([first, count]) => {
      const { tally } = await crew.run({ kind: 'tally', first, count });
      for (let path = 0; path < paths; path++) {
        total.correct[path] = total.correct[path]! + tally!.correct[path]!;
        total.hashes[path] = total.hashes[path]! + tally!.hashes[path]!;
        const at = path * images + first;
        total.right.set(tally!.right.subarray(path * count, (path + 1) * count), at);
        total.margins.set(tally!.margins.subarray(path * count, (path + 1) * count), at);
      }
      onAnswered(count);
    }),
  );
  return total;
}

function summarise(
  lowered: LoweredNetwork,
  partitions: readonly Partition[],
  calibration: Calibration,
  stages: readonly AnswerStage[],
  rounds: readonly Tally[],
  samples: number,
): AccuracyResult {
  const answers = partitions.map(({ name }) => ({
    name,
    correctPerChip: [] as number[],
    right: [] as Uint8Array[],
    margins: [] as Uint8Array[],
  }));
  let hash = 0x811c9dc5;
  rounds.forEach((tally, round) => {
    for (const word of tally.hashes) hash = Math.imul(hash ^ word, 0x01000193);
    const baselines = baselinePaths(stages[round]!);
    for (let path = baselines; path < tally.correct.length; path++) {
      const answer = answers[(path - baselines) % partitions.length]!;
      const [from, to] = [path * samples, (path + 1) * samples];
      answer.correctPerChip.push(tally.correct[path]!);
      answer.right.push(tally.right.slice(from, to));
      answer.margins.push(tally.margins.slice(from, to));
    }
  });
  const onCrossbars = new Set(analogLayers(partitions));
  return {
    samples,
    floatCorrect: rounds[0]!.correct[0]!,
    digitalCorrect: rounds[0]!.correct[1]!,
    partitions: answers,
    calibration: calibration.grids.map(({ layer, operand, digital, analog }) => ({
      ...{ layer, name: lowered.network.layers[layer]!.name, operand, digital },
      ...(onCrossbars.has(layer) ? { analog: { grid: analog, converters: calibration.ranges[layer]! } } : {}),
    })),
    logitsHash: (hash >>> 0).toString(16).padStart(8, '0'),
  };
}
