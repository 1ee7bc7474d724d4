import { type EncodingSpec, weightSliceBits } from '../hardware/encoding.ts';

/** A slice of the weights: `bits` bits from bit `shift` on, one cell (or pair) for each weight. */
export interface WeightSlice {
  readonly bits: number;
  readonly shift: number;
  /** Highest level of a cell: 2^bits − 1. */
  readonly levelMax: number;
}

/** The slices of a weight, lowest first. */
export function weightSlices(encoding: EncodingSpec): readonly WeightSlice[] {
  let shift = 0;
  return weightSliceBits(encoding).map((bits) => {
    const slice = { bits, shift, levelMax: 2 ** bits - 1 };
    shift += bits;
    return slice;
  });
}

/**
 * The part of an integer weight that a slice holds. Differential: a digit of the magnitude with the weight's sign
 * (positive on the first cell of the pair, negative on the second). Offset: a digit of w + 2^(weightBits−1).
 */
export function weightDigit(code: number, slice: WeightSlice, encoding: EncodingSpec): number {
  if (encoding.scheme === 'offset') return ((code + weightOffset(encoding)) >> slice.shift) & slice.levelMax;
  const digit = (Math.abs(code) >> slice.shift) & slice.levelMax;
  return code < 0 ? -digit : digit;
}

/** What is added to every weight so that it can be a conductance: 2^(weightBits−1) in offset encoding, else 0. */
export function weightOffset(encoding: EncodingSpec): number {
  return encoding.scheme === 'offset' ? 2 ** (encoding.weightBits - 1) : 0;
}

/** An input slice: `bits` bits of the code's magnitude from bit `shift` on. */
export interface InputSlice {
  readonly bits: number;
  readonly shift: number;
}

/**
 * The input slices that can be other than zero for codes up to `high`, lowest first (a 16-bit grid stops at
 * 15 bits of magnitude).
 */
export function inputSlices(sliceBits: readonly number[], high: number): readonly InputSlice[] {
  const slices: InputSlice[] = [];
  let shift = 0;
  for (const bits of sliceBits) {
    if (2 ** shift <= high) slices.push({ bits, shift });
    shift += bits;
  }
  return slices;
}
