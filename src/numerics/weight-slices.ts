import { type EncodingSpec, weightSliceBits } from '../hardware/encoding.ts';

/** A slice of the weights: `bits` bits from bit `shift` on, one cell (or pair) for each weight. */
export interface WeightSlice {
  readonly bits: number;
  readonly shift: number;
  /** Level of a cell that is fully on: 2^bits − 1 of the slice or, at common level spacing, of the widest one. */
  readonly levelMax: number;
}

/** The slices of a weight, lowest first. */
export function weightSlices(encoding: EncodingSpec): readonly WeightSlice[] {
  const widths = weightSliceBits(encoding);
  const widest = Math.max(...widths);
  let shift = 0;
  return widths.map((bits) => {
    const slice = { bits, shift, levelMax: 2 ** (encoding.sliceLevels === 'common' ? widest : bits) - 1 };
    shift += bits;
    return slice;
  });
}

/**
 * The part of an integer weight that a slice holds. Differential: a digit of the magnitude with the weight's sign
 * (positive on the first cell of the pair, negative on the second). Offset: a digit of w + 2^(weightBits−1).
 */
export function weightDigit(code: number, slice: WeightSlice, encoding: EncodingSpec): number {
  const mask = 2 ** slice.bits - 1;
  if (encoding.scheme === 'offset') return ((code + weightOffset(encoding)) >> slice.shift) & mask;
  const digit = (Math.abs(code) >> slice.shift) & mask;
  return code < 0 ? -digit : digit;
}

/** What is added to every weight so that it can be a conductance: 2^(weightBits−1) in offset encoding, else 0. */
export function weightOffset(encoding: EncodingSpec): number {
  return encoding.scheme === 'offset' ? 2 ** (encoding.weightBits - 1) : 0;
}

/** Cells of a weight slice: +1 and −1 of a pair, or the only one. */
export type Polarity = 1 | -1;

/**
 * The level, 0 … levelMax, that a cell is to take for an integer weight. Of a two-sided pair the two levels add up to
 * levelMax and differ by the weight; `cellBits` round them to what the cell can take.
 */
export function cellLevel(
  code: number,
  slice: WeightSlice,
  polarity: Polarity,
  encoding: EncodingSpec,
  cellBits: number,
): number {
  if (encoding.scheme === 'offset' || encoding.pairing === 'oneSided') {
    return Math.max(polarity * weightDigit(code, slice, encoding), 0);
  }
  const steps = 2 ** cellBits - 1;
  const wanted =
    (steps * (slice.levelMax + polarity * weightDigit(code, slice, encoding))) / 2 / slice.levelMax;
  const below = Math.floor(wanted);
  // Halves to even, so that both cells of a pair round the same way.
  const up = wanted - below === 0.5 ? below % 2 === 1 : wanted - below > 0.5;
  return ((below + (up ? 1 : 0)) / steps) * slice.levelMax;
}

/** Bit lines that are converted together: one conversion for each output column. */
export interface Plane {
  /** Index of the weight slice. */
  readonly slice: number;
  /** The cells whose currents meet before conversion. */
  readonly polarities: readonly Polarity[];
  /** What a decoded level unit counts in the sum of all planes: ±2^shift. */
  readonly factor: number;
}

/** The planes of an encoding: one for each weight slice, two where pairs are subtracted after conversion. */
export function conversionPlanes(encoding: EncodingSpec): readonly Plane[] {
  const ways: readonly (readonly Polarity[])[] =
    encoding.scheme === 'offset' ? [[1]] : encoding.subtraction === 'analog' ? [[1, -1]] : [[1], [-1]];
  return weightSlices(encoding).flatMap(({ shift }, slice) =>
    ways.map((polarities) => ({ slice, polarities, factor: polarities[0]! * 2 ** shift })),
  );
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
