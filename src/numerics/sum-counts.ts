/**
 * Counts of partial sums in bins of equal width: one for each whole number where 65,535 of them suffice, else as
 * many. Counting is exact and order-free, so that the parts of a calibration set may be counted anywhere and added.
 */
export interface SumCounts {
  readonly counts: Uint32Array;
  /** The middle of the first bin. */
  readonly first: number;
  readonly width: number;
}

/** Empty counts for sums up to `largest`, or of both signs. Sums that need not be whole have finer bins. */
export function sumCounts(largest: number, signed: boolean, whole: boolean): SumCounts {
  const bins = signed ? MAX_BINS / 2 : MAX_BINS;
  const finest = Math.max(largest / (bins - 1), NARROWEST);
  const width = whole ? Math.max(1, Math.ceil(finest)) : finest;
  const side = Math.ceil(largest / width);
  return {
    counts: new Uint32Array(signed ? 2 * side + 1 : side + 1),
    first: signed ? -side * width : 0,
    width,
  };
}

/** Counts sums [vector · rounds + round][columns], each times `unit`; `keep` leaves out some by vector and column. */
export function countSums(
  into: SumCounts,
  sums: Float32Array | Int32Array,
  unit: number,
  keep?: (index: number) => boolean,
): void {
  const { counts, first, width } = into;
  const last = counts.length - 1;
  const scale = unit / width;
  const shift = 0.5 - first / width;
  // Zeros are frequent, and counting one number over and over waits for itself.
  let zeros = 0;
  for (let i = 0; i < sums.length; i++) {
    if (keep !== undefined && !keep(i)) continue;
    const sum = sums[i]!;
    if (sum === 0) {
      zeros += 1;
      continue;
    }
    const bin = Math.min(Math.max(Math.floor(sum * scale + shift), 0), last);
    counts[bin] = counts[bin]! + 1;
  }
  const middle = Math.floor(shift);
  counts[middle] = counts[middle]! + zeros;
}

export function addCounts(into: SumCounts, other: SumCounts): void {
  for (let bin = 0; bin < into.counts.length; bin++) {
    into.counts[bin] = into.counts[bin]! + other.counts[bin]!;
  }
}

/** Empty counts of the same bins. */
export function emptyLike({ counts, first, width }: SumCounts): SumCounts {
  return { counts: new Uint32Array(counts.length), first, width };
}

/** The smallest magnitude that `percent` of the sums do not exceed, up to the width of a bin (0 when none were counted). */
export function magnitudePercentile({ counts, first, width }: SumCounts, percent: number): number {
  let total = 0;
  for (const count of counts) total += count;
  let rest = Math.ceil((total * percent) / 100);
  const middle = Math.round(-first / width);
  for (let bin = 0; middle + bin < counts.length || middle - bin >= 0; bin++) {
    rest -= (counts[middle + bin] ?? 0) + (bin === 0 ? 0 : (counts[middle - bin] ?? 0));
    if (rest <= 0) return bin * width + upper(width);
  }
  return 0;
}

/** The sum that `percent` of all do not exceed, up to the width of a bin; `fromAbove` counts down from the largest. */
export function sumPercentile(
  { counts, first, width }: SumCounts,
  percent: number,
  fromAbove: boolean,
): number {
  let total = 0;
  for (const count of counts) total += count;
  let rest = Math.max(Math.ceil((total * percent) / 100), 1);
  for (let i = 0; i < counts.length; i++) {
    const bin = fromAbove ? counts.length - 1 - i : i;
    rest -= counts[bin]!;
    if (rest <= 0) return first + bin * width + (fromAbove ? -1 : 1) * upper(width);
  }
  return 0;
}

/** What a bin may hold beyond its middle: whole numbers end where the next bin's begin. */
function upper(width: number): number {
  return Number.isInteger(width) ? Math.floor(width / 2) : width / 2;
}

const MAX_BINS = 65536;
/** Bins of sums that are all 0 need a width, too. */
const NARROWEST = 2 ** -1000;
