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
 * error, which is that of rounding inside, step²/12 (x² below half a step), plus that of clipping beyond.
 */
export function leastSquaresClip(magnitudes: Magnitudes, levels: number): number {
  const largest = largestMagnitude(magnitudes);
  let best = largest;
  let bestError = Infinity;
  for (let clip = largest; clip > largest / 16; clip *= 0.98) {
    const error = squaredError(magnitudes, clip, clip / levels);
    if (error < bestError) {
      bestError = error;
      best = clip;
    }
  }
  return best;
}

const DROPPED = 16;
const BINS = 0x7f80 + 0x80;

function squaredError({ counts }: Magnitudes, clip: number, step: number): number {
  let error = 0;
  for (let bin = 1; bin < counts.length; bin++) {
    const count = counts[bin]!;
    if (count === 0) continue;
    const x = floatOf((bin << DROPPED) | (1 << (DROPPED - 1)));
    if (x > clip) error += count * (x - clip) ** 2;
    else error += count * Math.min(x * x, (step * step) / 12);
  }
  return error;
}

const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

function floatOf(bits: number): number {
  integer[0] = bits;
  return float[0]!;
}
