import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { bitLinesPerColumn } from '../hardware/encoding.ts';
import type { MvmLowering } from '../network/operator.ts';

/**
 * The part of a layer's matrix that one crossbar holds. Several small groups of a grouped convolution share a
 * crossbar, each on its own word lines and bit lines (a block diagonal); a large matrix is cut into row blocks,
 * whose partial sums are added after conversion, and column blocks.
 */
export interface Block {
  /** First group, and how many groups stand on the diagonal. */
  readonly group: number;
  readonly groups: number;
  /** Rows and columns within a group. */
  readonly rowStart: number;
  readonly rows: number;
  readonly columnStart: number;
  readonly columns: number;
}

/**
 * A layer's matrix cut to the size of a crossbar: rows spread evenly over ⌈rows / word lines⌉ blocks (Xiao et
 * al. 2022), columns likewise over what the bit lines hold.
 */
export function cutIntoBlocks(lowering: MvmLowering, spec: ArchitectureSpec): readonly Block[] {
  const crossbar = spec.analogCore!.crossbar;
  const columnsHeld = Math.floor(crossbar.columns / bitLinesPerColumn(spec.encoding));
  const { groups, rows, columns } = lowering;
  const together = Math.min(groups, Math.floor(crossbar.rows / rows), Math.floor(columnsHeld / columns));
  const blocks: Block[] = [];
  if (together > 1) {
    for (const [group, count] of evenly(groups, Math.ceil(groups / together))) {
      blocks.push({ group, groups: count, rowStart: 0, rows, columnStart: 0, columns });
    }
    return blocks;
  }
  for (let group = 0; group < groups; group++) {
    for (const [rowStart, blockRows] of evenly(rows, Math.ceil(rows / crossbar.rows))) {
      for (const [columnStart, blockColumns] of evenly(columns, Math.ceil(columns / columnsHeld))) {
        blocks.push({ group, groups: 1, rowStart, rows: blockRows, columnStart, columns: blockColumns });
      }
    }
  }
  return blocks;
}

/** [start, length] of a total cut into parts that differ by at most one. */
export function evenly(total: number, parts: number): readonly (readonly [number, number])[] {
  return Array.from({ length: parts }, (_, part) => {
    const start = Math.floor((part * total) / parts);
    return [start, Math.floor(((part + 1) * total) / parts) - start] as const;
  });
}
