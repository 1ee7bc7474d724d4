import { confidence95, mean } from '../../base/statistics.ts';
import { elementCount } from '../../base/tensor.ts';
import type { Comparison } from '../../report/study.ts';
import { createEvaluator } from '../../network/evaluate.ts';
import { fillFrame, frameLength, gatherPatch } from '../../network/mvm.ts';
import { NETWORK_INPUT } from '../../network/network.ts';
import type { MvmLowering } from '../../network/operator.ts';
import { activationCode, activationGrid, quantizeWeights } from '../../network/quantization.ts';
import { type Matrix, programCrossbar } from '../../numerics/crossbar/crossbar.ts';
import { above, comparison, type Estimate } from '../comparison.ts';
import type { Statement } from '../question.ts';
import type { Subject } from '../subject.ts';

/** Wire resistance of bit lines over that of a cell fully on. */
const RELATIVE = 1e-5;
const BITS = 8;
const IMAGES = 16;
/** Input vectors of an image, spread over its positions, and columns, spread over the matrix. */
const POSITIONS = 4;
const COLUMNS = 32;
const MOST_ROWS = 1152;

/** What one image shows of each input bit, the least significant first. */
interface ImageBits {
  /** Share of word lines that the bit opens. */
  readonly open: readonly number[];
  /** Root mean square error of the bit's currents behind resistive bit lines. */
  readonly error: readonly number[];
}

/** Claims about single input bits, which accuracies do not show: currents of the layer of most inputs, bit by bit. */
export const inputBits: Statement = {
  id: 'P12',
  claim:
    'Of the bits of an input the least significant ones open most rows and so err most along gated bit lines; their low weight hides a part of it.',
  rule: `Gated cells, resistance ${RELATIVE}, the layer of most inputs, ${IMAGES} calibration images: lower half of the bits over the upper half, in rows open and in error of currents, and upper over lower once bits are weighted by their places, are above 1 (95 % interval over images).`,
  comparisons(results): readonly Comparison[] {
    const images = bitsOfImages(results.subject);
    const weighted = ({ error }: ImageBits) => error.map((one, bit) => one * 2 ** bit);
    const estimates: readonly (readonly [string, Estimate])[] = [
      ['rows open, lower over upper bits', ratio(images, ({ open }) => halves(open))],
      ['error of currents, lower over upper bits', ratio(images, ({ error }) => halves(error))],
      [
        'error after weighting, upper over lower bits',
        ratio(images, (one) => {
          const [lower, upper] = halves(weighted(one));
          return [upper, lower];
        }),
      ],
    ];
    return estimates.map(([what, { value, low, high }]) => {
      const outcome = above({ value: Math.log(value), low: Math.log(low), high: Math.log(high) });
      return comparison(results, what, 'ratio', { value, low, high }, outcome);
    });
  },
};

/** Root mean squares of the lower and the upper half of the bits. */
function halves(bits: readonly number[]): [lower: number, upper: number] {
  const rms = (part: readonly number[]) => Math.sqrt(mean(part.map((value) => value ** 2)));
  return [rms(bits.slice(0, BITS / 2)), rms(bits.slice(BITS / 2))];
}

/** Geometric mean over images with its interval; images in which a half shows nothing tell nothing. */
function ratio(images: readonly ImageBits[], parts: (one: ImageBits) => readonly [number, number]): Estimate {
  const logs = images
    .map(parts)
    .filter(([above, below]) => above > 0 && below > 0)
    .map(([above, below]) => Math.log(above / below));
  if (logs.length < 2) return { value: NaN, low: 0, high: Infinity };
  const [middle, half] = [mean(logs), confidence95(logs)!];
  return { value: Math.exp(middle), low: Math.exp(middle - half), high: Math.exp(middle + half) };
}

function bitsOfImages({ lowered, samples }: Subject): readonly ImageBits[] {
  const { layer, lowering } = largest(lowered.lowerings);
  const from = lowered.network.layers[layer]!.inputs[lowering.activation] as number;
  const vectors = inputVectors({ lowered, samples }, from, lowering);
  const signed = from === NETWORK_INPUT ? lowered.inputSigned : lowered.signed[from]!;
  let most = 0;
  for (const vector of vectors.flat()) for (const value of vector) most = Math.max(most, Math.abs(value));
  const grid = activationGrid(most, signed ? BITS + 1 : BITS, signed);
  const [wired, ideal] = [RELATIVE, 0].map((column) =>
    programCrossbar(matrixOf(lowering), {
      encoding: { weightBits: 8 },
      inputs: { low: 0, high: 2 ** BITS - 1, bits: BITS, signed: false, sliceBits: 1 },
      wires: { topology: 'gated', column },
      rows: MOST_ROWS,
    }),
  );
  return vectors.map((some) => {
    const bits = Array.from({ length: BITS }, (_, bit) => {
      let open = 0;
      let squares = 0;
      let sums = 0;
      for (const vector of some) {
        const opened = Float64Array.from(
          vector,
          (value) => (Math.abs(activationCode(grid, value)) >> bit) & 1,
        );
        for (const one of opened) open += one / opened.length / some.length;
        const drive = opened.map((one) => one * 2 ** bit);
        const [with_, without] = [wired!.multiply(drive), ideal!.multiply(drive)];
        with_.forEach((value, column) => (squares += ((value - without[column]!) / 2 ** bit) ** 2));
        sums += with_.length;
      }
      return { open, error: Math.sqrt(squares / sums) };
    });
    return { open: bits.map(({ open }) => open), error: bits.map(({ error }) => error) };
  });
}

function largest(lowerings: Subject['lowered']['lowerings']) {
  const found = lowerings
    .map((lowering, layer) => ({ lowering, layer }))
    .filter((one): one is { lowering: MvmLowering; layer: number } => one.lowering.kind === 'mvm');
  return found.reduce((most, one) => (one.lowering.rows > most.lowering.rows ? one : most));
}

/** Some input vectors of a layer for each image, in float32. */
function inputVectors(
  { lowered, samples }: Pick<Subject, 'lowered' | 'samples'>,
  from: number,
  lowering: MvmLowering,
): readonly (readonly Float32Array[])[] {
  const { network } = lowered;
  const size = elementCount(network.input.shape);
  const shape = from === NETWORK_INPUT ? network.input.shape : network.layers[from]!.outputShape;
  const evaluator = createEvaluator(network);
  const frame = new Float32Array(frameLength(lowering, elementCount(shape)));
  const count = Math.min(IMAGES, samples.calibration.length / size);
  return Array.from({ length: count }, (_, image) => {
    const sample = samples.calibration.subarray(image * size, (image + 1) * size);
    const fill = (values: Float32Array) =>
      lowering.padding === undefined ? frame.set(values) : fillFrame(lowering.padding, values, frame);
    if (from === NETWORK_INPUT) fill(sample);
    evaluator.run(sample, (index, output) => {
      if (index === from) fill(output);
    });
    return spread(lowering.positionBase.length, POSITIONS).map((position) => {
      const patch = new Float32Array(lowering.rows);
      gatherPatch(lowering, frame, 0, position, patch);
      return patch;
    });
  });
}

/** Integer weights [columns][rows] of some columns of the first group. */
function matrixOf({ weights, rows, columns, groups }: MvmLowering): Matrix {
  const { codes } = quantizeWeights(weights, groups * columns, 8, 'column');
  return spread(columns, COLUMNS).map((column) => codes.subarray(column * rows, (column + 1) * rows));
}

/** At most `count` whole numbers below `length`, evenly spread. */
function spread(length: number, count: number): readonly number[] {
  const taken = Math.min(length, count);
  return Array.from({ length: taken }, (_, index) => Math.floor(((index + 0.5) * length) / taken));
}
