/**
 * Magnitudes of float32 numbers counted in bins of 1/128 octave, and the largest itself: enough to choose the clip of
 * a quantization grid. Counts of parts of a set add up to those of the whole, in any order.
 */
export interface Magnitudes {
  /** By the leading bits of the number: 8 of exponent, 7 of mantissa. */
  readonly counts: Uint32Array;
  /** Bit pattern of the largest magnitude; positive floats are ordered as their bits. */
  largest: number;
}

export function emptyMagnitudes(): Magnitudes {
  return { counts: new Uint32Array(BINS), largest: 0 };
}

/** Counts `length` float32 numbers given as their bits. */
export function countMagnitudes(into: Magnitudes, bits: Int32Array, start: number, length: number): void {
  const { counts } = into;
  let { largest } = into;
  for (let i = start; i < start + length; i++) {
    const magnitude = bits[i]! & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
    const bin = magnitude >>> DROPPED;
    counts[bin] = counts[bin]! + 1;
  }
  into.largest = largest;
}

export function addMagnitudes(into: Magnitudes, other: Magnitudes): void {
  into.largest = Math.max(into.largest, other.largest);
  for (let bin = 0; bin < BINS; bin++) into.counts[bin] = into.counts[bin]! + other.counts[bin]!;
}

/** The largest magnitude; NaN or infinite if any was. */
export function largestMagnitude({ largest }: Magnitudes): number {
  return floatOf(largest);
}

/**
 * The clip that loses least: of grids of `levels` steps from 0 to the clip, the one with the smallest mean squared
 * error, which is that of rounding inside, step²/12 (x² where that is less), plus that of clipping beyond.
 */
export function leastSquaresClip(magnitudes: Magnitudes, levels: number): number {
  const largest = largestMagnitude(magnitudes);
  const sums = powerSums(magnitudes);
  let best = largest;
  let bestError = Infinity;
  for (let clip = largest; clip > largest / 16; clip *= 0.98) {
    const rounding = (clip / levels) ** 2 / 12;
    const small = binOf(Math.sqrt(rounding));
    const inside = binOf(clip);
    const error =
      sums.squares[small]! +
      rounding * (sums.counts[inside]! - sums.counts[small]!) +
      (sums.squares[BINS]! - sums.squares[inside]!) -
      2 * clip * (sums.values[BINS]! - sums.values[inside]!) +
      clip * clip * (sums.counts[BINS]! - sums.counts[inside]!);
    if (error < bestError) {
      bestError = error;
      best = clip;
    }
  }
  return best;
}

const DROPPED = 16;
const BINS = 0x8000;

/** Running sums of counts, magnitudes and their squares over the bins below each. */
function powerSums({ counts }: Magnitudes) {
  const sums = {
    counts: new Float64Array(BINS + 1),
    values: new Float64Array(BINS + 1),
    squares: new Float64Array(BINS + 1),
  };
  for (let bin = 0; bin < BINS; bin++) {
    const count = counts[bin]!;
    const x = count === 0 ? 0 : floatOf((bin << DROPPED) | (1 << (DROPPED - 1)));
    sums.counts[bin + 1] = sums.counts[bin]! + count;
    sums.values[bin + 1] = sums.values[bin]! + count * x;
    sums.squares[bin + 1] = sums.squares[bin]! + count * x * x;
  }
  return sums;
}

/** The first bin that lies beyond a magnitude. */
function binOf(magnitude: number): number {
  float[0] = magnitude;
  return Math.min((integer[0]! >>> DROPPED) + 1, BINS);
}

const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

function floatOf(bits: number): number {
  integer[0] = bits;
  return float[0]!;
}
