import type { BlockNumbers } from './block-numbers.ts';
import type { Replica } from './schedule.ts';

/** Bytes of a partial sum between cores. */
export const PARTIAL_SUM_BYTES = 4;

/** Bytes of partial sums that a tile sends to the home of a copy for each MVM. */
export interface PartialSums {
  readonly tile: number;
  readonly bytes: number;
}

/** What the tiles of a copy, other than its home, send there for each MVM: row blocks of a column in one tile are added up before. */
export function partialSumsOf(
  { crossbars }: Replica,
  { columnOf, outputs }: BlockNumbers,
  tileOf: (crossbar: number) => number,
): PartialSums[] {
  const home = tileOf(crossbars[0]!);
  const columnsPerTile = new Map<number, Set<number>>();
  let tile = home;
  let columns = new Set<number>();
  for (let block = 0; block < crossbars.length; block++) {
    const at = tileOf(crossbars[block]!);
    if (at === home) continue;
    if (at !== tile) {
      tile = at;
      columns = columnsPerTile.get(tile) ?? new Set();
      columnsPerTile.set(tile, columns);
    }
    columns.add(columnOf[block]!);
  }
  return [...columnsPerTile].map(([from, sums]) => ({
    tile: from,
    bytes: [...sums].reduce((sum, column) => sum + outputs[column]!, 0) * PARTIAL_SUM_BYTES,
  }));
}
