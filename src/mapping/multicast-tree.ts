import type { Routes } from '../hardware/routes.ts';
import { type BlockNumbers, numbersPerTile } from './block-numbers.ts';
import type { Replica } from './schedule.ts';

/** The links that carry a stage's inputs from one tile to every tile of a copy, each once, parents before children. */
export interface MulticastTree {
  readonly links: Int32Array;
  /** Index in `links` of the link before; -1 at the root. */
  readonly parents: Int32Array;
  /** Share of the input that passes: of the word lines beyond it. */
  readonly shares: Float64Array;
}

/** Where the blocks of a copy lie, and which part of the input each tile needs. */
export interface CopyTiles {
  readonly tiles: readonly number[];
  /** For each tile the distinct row ranges of its blocks, as index of a range. */
  readonly ranges: readonly ReadonlySet<number>[];
  /** Share of all rows of each range. */
  readonly rangeShares: readonly number[];
}

/** The tiles of one copy of a layer. */
export function copyTiles(
  copy: Replica,
  { rangeOf, inputs }: BlockNumbers,
  tileOf: (crossbar: number) => number,
): CopyTiles {
  const perTile = numbersPerTile(copy, rangeOf, tileOf);
  const total = inputs.reduce((sum, count) => sum + count, 0);
  return {
    tiles: [...perTile.keys()],
    ranges: [...perTile.values()],
    rangeShares: inputs.map((count) => count / total),
  };
}

/** The tree from a tile to the tiles of a copy, along the paths that a single message would take. */
export function multicastTree(
  from: number,
  copy: CopyTiles,
  routes: Routes,
  path: Int32Array,
): MulticastTree {
  const links: number[] = [];
  const parents: number[] = [];
  const needs: Set<number>[] = [];
  const indexOf = new Map<number, number>();
  copy.tiles.forEach((tile, index) => {
    const count = routes.path(from, tile, path);
    let parent = -1;
    for (let i = 0; i < count; i++) {
      const link = path[i]!;
      let at = indexOf.get(link);
      if (at === undefined) {
        at = links.length;
        indexOf.set(link, at);
        links.push(link);
        parents.push(parent);
        needs.push(new Set());
      }
      for (const range of copy.ranges[index]!) needs[at]!.add(range);
      parent = at;
    }
  });
  const shares = needs.map((ranges) => [...ranges].reduce((sum, range) => sum + copy.rangeShares[range]!, 0));
  return {
    links: Int32Array.from(links),
    parents: Int32Array.from(parents),
    shares: Float64Array.from(shares),
  };
}
