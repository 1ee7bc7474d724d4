import { Fault } from '../../base/fault.ts';
import { eliminate } from './elimination.ts';
import type { LineResistances } from './line-resistances.ts';

/** What turns cells [rows][columns] into column currents for unit inputs, in place (see `eliminate`). */
export type Elimination = (
  cells: Float64Array,
  rows: number,
  columns: number,
  lines: LineResistances,
  wordLinesPerNode: number,
) => void;

/**
 * The effective matrix E [rows][columns] of an input-sourced crossbar with resistive wires: currents I_c = Σ_r
 * E[r][c] · V_r. `conductances` and resistances are relative to a cell that is fully on. Exact, without iteration.
 */
export function effectiveMatrix(
  conductances: Float64Array,
  rows: number,
  columns: number,
  lines: LineResistances,
  solve: Elimination = eliminate,
): Float64Array {
  if (conductances.length !== rows * columns) {
    throw new Fault(`${conductances.length} conductances for ${rows} rows and ${columns} columns`);
  }
  if (columns <= rows) {
    const cells = conductances.slice();
    solve(cells, rows, columns, lines, 1);
    return cells;
  }
  const cells = transposedCrossbar(conductances, rows, columns);
  solve(cells, columns, rows, transposedLines(lines), 1);
  return transposedCrossbar(cells, columns, rows);
}

/**
 * The effective matrices of interleaved pairs: both cells of a pair on one node of a bit line, from word lines of their
 * own driven by +x_r and −x_r; currents are Σ (positive − negative) · x.
 */
export function interleavedEffectiveMatrix(
  positive: Float64Array,
  negative: Float64Array,
  rows: number,
  columns: number,
  lines: LineResistances,
  solve: Elimination = eliminate,
): { readonly positive: Float64Array; readonly negative: Float64Array } {
  const both = new Float64Array(2 * rows * columns);
  for (let row = 0; row < rows; row++) {
    both.set(positive.subarray(row * columns, (row + 1) * columns), 2 * row * columns);
    both.set(negative.subarray(row * columns, (row + 1) * columns), (2 * row + 1) * columns);
  }
  solve(both, 2 * rows, columns, lines, 2);
  const own = (odd: number) => {
    const part = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const from = (2 * row + odd) * columns;
      part.set(both.subarray(from, from + columns), row * columns);
    }
    return part;
  };
  return { positive: own(0), negative: own(1) };
}

/**
 * The crossbar seen from its bit lines: by reciprocity, what a word line's input drives out of a bit line is what
 * the bit line would drive out of the word line. The ends of the wires change places, so that both axes turn round.
 */
export function transposedCrossbar(cells: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(cells.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[(columns - 1 - column) * rows + (rows - 1 - row)] = cells[row * columns + column]!;
    }
  }
  return result;
}

/** The wires of the transposed crossbar. */
export function transposedLines({
  row,
  column,
  rowTerminal,
  columnTerminal,
}: LineResistances): LineResistances {
  return { row: column, column: row, rowTerminal: columnTerminal, columnTerminal: rowTerminal };
}
