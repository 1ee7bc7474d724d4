import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { bitLinesPerColumn, type EncodingSpec, extraColumns, weightSliceBits } from '../hardware/encoding.ts';
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
  /** Word lines in addition that carry the bias: of the last row block of each column. */
  readonly biasRows: number;
}

/** Inputs of one block at the most: interleaved pairs take two word lines each, the bias some of them. */
export function rowsHeld(spec: ArchitectureSpec): number {
  const { rows, wires } = spec.analogCore!.crossbar;
  const lines = wires?.pairs === 'interleaved' ? 2 : 1;
  return Math.floor(rows / lines) - spec.encoding.biasRows;
}

/** Outputs of one block at the most, a unit column left free where there is one. */
export function columnsHeld(spec: ArchitectureSpec): number {
  const { columns, wires } = spec.analogCore!.crossbar;
  const lines = bitLinesPerColumn(spec.encoding, wires?.pairs === 'interleaved');
  return Math.floor(columns / lines) - extraColumns(spec.encoding);
}

/**
 * A layer's matrix cut to the size of a crossbar: rows spread evenly over ⌈rows / word lines⌉ blocks (Xiao et
 * al. 2022), columns likewise over what the bit lines hold. Row blocks of a column follow each other, so that their
 * partial sums meet nearby.
 */
export function cutIntoBlocks(lowering: MvmLowering, spec: ArchitectureSpec): readonly Block[] {
  const [mostRows, mostColumns] = [rowsHeld(spec), columnsHeld(spec)];
  const extra = extraColumns(spec.encoding);
  const { biasRows } = spec.encoding;
  const { groups, rows, columns } = lowering;
  const beside = Math.floor((mostColumns + extra) / (columns + extra));
  const together = Math.min(groups, Math.floor(mostRows / rows), beside);
  const blocks: Block[] = [];
  if (together > 1) {
    for (const [group, count] of evenly(groups, Math.ceil(groups / together))) {
      blocks.push({ group, groups: count, rowStart: 0, rows, columnStart: 0, columns, biasRows });
    }
    return blocks;
  }
  for (let group = 0; group < groups; group++) {
    for (const [columnStart, blockColumns] of evenly(columns, Math.ceil(columns / mostColumns))) {
      for (const [rowStart, blockRows] of evenly(rows, Math.ceil(rows / mostRows))) {
        const bias = rowStart + blockRows === rows ? biasRows : 0;
        blocks.push({
          group,
          groups: 1,
          rowStart,
          rows: blockRows,
          columnStart,
          columns: blockColumns,
          biasRows: bias,
        });
      }
    }
  }
  return blocks;
}

/** Cells of a block that its weights take, unit columns and bias included: those that its reads count. */
export function weightCells({ groups, rows, columns, biasRows }: Block, encoding: EncodingSpec): number {
  const polarities = encoding.scheme === 'differential' ? 2 : 1;
  const lines = groups * (columns + extraColumns(encoding)) * weightSliceBits(encoding).length;
  return (rows + biasRows) * lines * polarities;
}

/** [start, length] of a total cut into parts that differ by at most one. */
export function evenly(total: number, parts: number): readonly (readonly [number, number])[] {
  return Array.from({ length: parts }, (_, part) => {
    const start = Math.floor((part * total) / parts);
    return [start, Math.floor(((part + 1) * total) / parts) - start] as const;
  });
}
