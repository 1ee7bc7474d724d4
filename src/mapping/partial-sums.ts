import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { tileOfCrossbar } from './placement.ts';
import type { AnalogStage } from './schedule.ts';

/** Bytes of a partial sum between cores. */
export const PARTIAL_SUM_BYTES = 4;

/** Bytes of partial sums that a tile sends to the home of a copy for each MVM. */
export interface PartialSums {
  readonly tile: number;
  readonly bytes: number;
}

/** What the tiles of a copy, other than its home, send there for each MVM: row blocks of a column in one tile are added up before. */
export function partialSumsOf(stage: AnalogStage, copy: number, spec: ArchitectureSpec): PartialSums[] {
  const { crossbars } = stage.replicas[copy]!;
  const home = tileOfCrossbar(spec, crossbars[0]!);
  const columnsPerTile = new Map<number, Map<string, number>>();
  stage.blocks.forEach(({ group, groups, columnStart, columns }, index) => {
    const tile = tileOfCrossbar(spec, crossbars[index]!);
    if (tile === home) return;
    const sums = columnsPerTile.get(tile) ?? new Map<string, number>();
    columnsPerTile.set(tile, sums.set(`${group} ${columnStart}`, groups * columns));
  });
  return [...columnsPerTile].map(([tile, sums]) => ({
    tile,
    bytes: [...sums.values()].reduce((sum, count) => sum + count, 0) * PARTIAL_SUM_BYTES,
  }));
}
