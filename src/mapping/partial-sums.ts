import { type BlockNumbers, numbersPerTile } from './block-numbers.ts';
import type { Replica } from './schedule.ts';

/** Bytes of a partial sum between cores. */
export const PARTIAL_SUM_BYTES = 4;

/** Bytes of partial sums that a tile of a copy sends for each MVM to the tile where they meet. */
export interface PartialSums {
  readonly tile: number;
  readonly bytes: number;
}

/** What each tile of a copy sends for each MVM, if the sums do not meet there: row blocks of a column in one tile are added up before. None where all lie in one tile. */
export function partialSumsOf(
  copy: Replica,
  { columnOf, outputs }: BlockNumbers,
  tileOf: (crossbar: number) => number,
): PartialSums[] {
  const columnsPerTile = numbersPerTile(copy, columnOf, tileOf);
  if (columnsPerTile.size === 1) return [];
  return [...columnsPerTile].map(([from, sums]) => ({
    tile: from,
    bytes: [...sums].reduce((sum, column) => sum + outputs[column]!, 0) * PARTIAL_SUM_BYTES,
  }));
}
