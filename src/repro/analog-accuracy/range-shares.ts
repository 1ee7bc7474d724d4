import type { Measured } from '../run-points.ts';

/** Median and quartiles over layers. */
export interface Quartiles {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Widths of the converters' ranges of one unsliced design over those of another, layer by layer; `levels` is how many
 * levels of the first's cells are as much conductance as one of the second's.
 */
export function rangeShares(narrow: Measured, wide: Measured, levels = 1): Quartiles {
  const shares = narrow.ranges
    .map(({ layer, widths }) => {
      const other = wide.ranges.find((one) => one.layer === layer);
      return other === undefined ? NaN : widths[0]! / levels / other.widths[0]!;
    })
    .filter((share) => Number.isFinite(share))
    .sort((a, b) => a - b);
  const at = (share: number) => {
    const position = share * (shares.length - 1);
    const below = Math.floor(position);
    const above = Math.ceil(position);
    return shares[below]! + (position - below) * (shares[above]! - shares[below]!);
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}
