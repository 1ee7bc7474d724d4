import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { LayerWrites } from '../mapping/crossbar-contents.ts';
import { coreOfCrossbar, tileOfCrossbar } from '../mapping/placement.ts';
import { type MulticastTree, multicastTree } from '../mapping/multicast-tree.ts';
import type { Resources } from './resources.ts';
import { MEMORY_TILE } from './task-place.ts';

/** What programming one layer takes: weights from memory, the links to its tiles, word lines of each core. Worked out once. */
export interface ProgrammingPlan {
  readonly cells: number;
  /** Read from memory: a block once, however many copies of it are written. */
  readonly bytes: number;
  /** From the memory to all tiles: what several copies hold passes a link once. */
  readonly tree: MulticastTree;
  /** Word lines by analog core, written one after the other. */
  readonly rowsOfCore: ReadonlyMap<number, number>;
  /** Of the core that has most. */
  readonly mostRows: number;
}

/** The plan of a layer's blocks. */
export function programmingPlan(
  layer: LayerWrites,
  spec: ArchitectureSpec,
  { routes, path }: Resources,
): ProgrammingPlan {
  const rowsOfCore = new Map<number, number>();
  // By tile, or tiles where there are several.
  const bytesTo = new Map<number | string, { readonly tiles: readonly number[]; bytes: number }>();
  let [cells, bytes] = [0, 0];
  for (const block of layer) {
    cells += block.cells * block.crossbars.length;
    bytes += block.bytes;
    for (const crossbar of block.crossbars) {
      const core = coreOfCrossbar(spec, crossbar);
      rowsOfCore.set(core, (rowsOfCore.get(core) ?? 0) + block.rows);
    }
    const first = tileOfCrossbar(spec, block.crossbars[0]!);
    const tiles = block.crossbars.length === 1 ? undefined : tilesOf(block.crossbars, spec);
    const key = tiles?.join() ?? first;
    const sum = bytesTo.get(key);
    if (sum === undefined) bytesTo.set(key, { tiles: tiles ?? [first], bytes: block.bytes });
    else sum.bytes += block.bytes;
  }

  const parts = [...bytesTo.values()];
  const partsOfTile = new Map<number, Set<number>>();
  parts.forEach(({ tiles }, part) => {
    for (const tile of tiles) partsOfTile.set(tile, (partsOfTile.get(tile) ?? new Set()).add(part));
  });
  // In bytes first, so that sums are exact.
  const copy = {
    tiles: [...partsOfTile.keys()],
    ranges: [...partsOfTile.values()],
    rangeShares: parts.map((part) => part.bytes),
  };
  const tree = multicastTree(MEMORY_TILE, copy, routes, path);
  return {
    ...{ cells, bytes, rowsOfCore },
    mostRows: [...rowsOfCore.values()].reduce((most, rows) => Math.max(most, rows), 0),
    tree: { ...tree, shares: tree.shares.map((passed) => passed / bytes) },
  };
}

function tilesOf(crossbars: readonly number[], spec: ArchitectureSpec): readonly number[] {
  return [...new Set(crossbars.map((crossbar) => tileOfCrossbar(spec, crossbar)))];
}
