import { Fault } from '../base/fault.ts';

/** A uniform grid of integer codes for activations: value ≈ code · scale, low ≤ code ≤ high. */
export interface ActivationGrid {
  /** A float32 number, so that every kernel divides by the same one. */
  readonly scale: number;
  readonly low: number;
  readonly high: number;
}

/** Largest magnitude of a code: int16, as the multipliers of the simulation (and of most hardware) take it. */
export const LARGEST_CODE = 32767;

/**
 * The grid of `bits` bits whose outermost code stands for `clip`: 0 … 2^bits − 1 where activations cannot be
 * negative, else sign and magnitude, −(2^(bits−1) − 1) … 2^(bits−1) − 1. Codes stop at 32767.
 */
export function activationGrid(clip: number, bits: number, signed: boolean): ActivationGrid {
  if (!(clip >= 0 && clip < Infinity)) throw new Fault(`activations reach ${clip}, which no grid can hold`);
  const high = Math.min(signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1, LARGEST_CODE);
  // An operand that is always zero may have any scale.
  const scale = Math.fround(clip / high);
  return { scale: scale > SMALLEST_SCALE ? scale : 1, low: signed ? -high : 0, high };
}

/** The code of a value: nearest, halves to even, by float32 arithmetic as the kernels compute it. */
export function activationCode(grid: ActivationGrid, value: number): number {
  const scaled = Math.fround(Math.fround(value) * Math.fround(1 / grid.scale));
  return roundHalfEven(Math.max(Math.min(scaled, grid.high), grid.low));
}

/** Integer weights, symmetric about zero: weight ≈ code · scale of its column. */
export interface QuantizedWeights {
  /** [columns][rows], |code| ≤ 2^(bits−1) − 1. */
  readonly codes: Int16Array;
  /** [columns]. */
  readonly scales: Float64Array;
}

/**
 * Weights [columns][rows] on a grid of ±(2^(bits−1) − 1) whose outermost code is the largest magnitude of the
 * column, or of the whole layer.
 */
export function quantizeWeights(
  weights: Float32Array,
  columns: number,
  bits: number,
  scaling: 'column' | 'layer',
  percentile = 100,
): QuantizedWeights {
  const rows = weights.length / columns;
  const largestCode = 2 ** (bits - 1) - 1;
  const scales = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    scales[column] =
      weightRange(weights.subarray(column * rows, (column + 1) * rows), percentile) / largestCode;
  }
  if (scaling === 'layer') {
    scales.fill(
      percentile < 100
        ? weightRange(weights, percentile) / largestCode
        : scales.reduce((a, b) => Math.max(a, b), 0),
    );
  }
  const codes = new Int16Array(weights.length);
  for (let column = 0; column < columns; column++) {
    // A column of zeros keeps the scale 0: whatever its cells make of it, its output is the bias.
    const scale = scales[column]! || 1;
    for (let i = column * rows; i < (column + 1) * rows; i++) {
      codes[i] = roundHalfEven(Math.max(Math.min(weights[i]! / scale, largestCode), -largestCode));
    }
  }
  return { codes, scales };
}

/**
 * The magnitude that the largest code stands for: a percentile of the magnitudes (between neighbours linearly, as
 * numpy's default), or beyond 100 that multiple of the largest.
 */
function weightRange(weights: Float32Array, percentile: number): number {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  if (!(largest < Infinity)) throw new Fault('weights are not finite', { cure: 'export the model again' });
  if (percentile >= 100) return (largest * percentile) / 100;
  const magnitudes = weights.map(Math.abs).sort();
  const rank = ((magnitudes.length - 1) * percentile) / 100;
  const below = magnitudes[Math.floor(rank)]!;
  // A range of nothing would have no scale.
  return below + (magnitudes[Math.ceil(rank)]! - below) * (rank % 1) || largest;
}

/** The nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Below it 1 / scale leaves the range of float32. */
const SMALLEST_SCALE = 2 ** -120;
