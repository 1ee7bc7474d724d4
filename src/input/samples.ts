import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Fault } from '../base/fault.ts';
import { elementCount } from '../base/tensor.ts';
import { type IdxImages, readIdxImages, readIdxLabels } from './idx.ts';
import { createPreprocessing, type Preprocessing } from './preprocessing.ts';
import type { Workload } from './workload.ts';

/** Images as the network takes them, with their classes, and those that calibration may see. */
export interface Samples {
  /** [count][input elements], preprocessed, in shared memory. */
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  /** [calibration count][input elements]. */
  readonly calibration: Float32Array;
  /** Whether a preprocessed number can be negative, judged by the calibration images. */
  readonly signed: boolean;
  readonly files: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

/** Images that calibration looks at: enough for stable percentiles, few enough to be quick. */
const CALIBRATION_IMAGES = 500;

/** Share of images that data sets may hold twice; more, and the calibration set is the test set. */
const ALLOWED_IN_COMMON = 0.01;

/**
 * The first `count` test images of a workload and its calibration images, preprocessed for a network's input
 * shape. Throws Faults: no data, fewer images than asked for, labels out of range, shapes that do not fit, calibration with
 * the test images.
 */
export async function readSamples(
  workload: Workload,
  inputShape: readonly number[],
  count: number,
): Promise<Samples> {
  const { dataset, classes } = workload;
  if (dataset === undefined) throw new Fault('the workload names no dataset', { cure: 'add one' });
  const [test, labels, calibration] = await Promise.all([
    readIdxImages(dataset.images),
    readIdxLabels(dataset.labels),
    readIdxImages(dataset.calibration.images),
  ]);
  if (labels.length !== test.count) {
    throw new Fault(`holds ${labels.length} labels for ${test.count} images`, {
      cure: 'are they of the same set?',
      place: { file: dataset.labels },
    });
  }
  if (count > test.count) {
    throw new Fault(`holds ${test.count} images, ${count} were asked for`, {
      cure: `--samples ${test.count} takes all, samples: ${test.count} in a scenario`,
      place: { file: dataset.images },
    });
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new Fault(`label ${labels[wrong]} of image ${wrong} in a workload of ${classes} classes`, {
      cure: 'are the labels of another set?',
      place: { file: dataset.labels },
    });
  }
  if (calibration.count === 0 || calibration.shape.join() !== test.shape.join()) {
    throw new Fault(
      `${calibration.count} calibration images of ${calibration.shape.join('×')}, test images are ${test.shape.join('×')}`,
      { cure: 'give images of the same kind', place: { file: dataset.calibration.images } },
    );
  }

  const preprocessing = createPreprocessing(workload.preprocessing, test.shape);
  const elements = elementCount(inputShape);
  if (elementCount(preprocessing.shape) !== elements) {
    throw new Fault(
      `the network takes ${inputShape.join('×')} (${elements} numbers), preprocessing yields ${preprocessing.shape.join('×')}`,
      { cure: 'change the preprocessing of the workload', place: { file: workload.model } },
    );
  }
  const kept = Math.min(CALIBRATION_IMAGES, calibration.count);
  const common = commonImages(calibration, kept, test, count);
  if (common > ALLOWED_IN_COMMON * Math.min(kept, count)) {
    throw new Fault(`${common} of the ${kept} calibration images are among the ${count} test images`, {
      cure: 'calibrate with other images, such as some of the training set',
      place: { file: dataset.calibration.images },
    });
  }
  const calibrated = preprocessed(calibration, kept, elements, preprocessing);
  return {
    images: preprocessed(test, count, elements, preprocessing),
    labels: labels.slice(0, count),
    calibration: calibrated,
    signed: calibrated.some((value) => value < 0),
    files: await Promise.all([
      hashed('images', dataset.images),
      hashed('labels', dataset.labels),
      hashed('calibration images', dataset.calibration.images),
    ]),
  };
}

/** How many of the first `count` images are among the first `kept` of others, byte for byte. */
function commonImages(calibration: IdxImages, kept: number, test: IdxImages, count: number): number {
  const pixels = (images: IdxImages, index: number) => {
    const size = elementCount(images.shape);
    const { buffer, byteOffset } = images.pixels;
    return Buffer.from(buffer, byteOffset + index * size, size).toString('latin1');
  };
  const known = new Set(Array.from({ length: kept }, (_, index) => pixels(calibration, index)));
  let common = 0;
  for (let index = 0; index < count; index++) if (known.has(pixels(test, index))) common++;
  return common;
}

async function hashed(role: string, file: string) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { role, file, sha256: hash.digest('hex') };
}

function preprocessed(
  images: IdxImages,
  count: number,
  elements: number,
  preprocessing: Preprocessing,
): Float32Array {
  const samples = new Float32Array(new SharedArrayBuffer(count * elements * 4));
  const size = elementCount(images.shape);
  for (let index = 0; index < count; index++) {
    const image = images.pixels.subarray(index * size, (index + 1) * size);
    samples.set(preprocessing.run(image), index * elements);
  }
  return samples;
}
