import type { IvCurve } from '../../hardware/iv/iv.ts';
import type { LineResistances } from './line-resistances.ts';
import { type MonotoneLaw, monotoneLaw } from './monotone-law.ts';
import { operatingPoint } from './operating-point.ts';
import { SupplyNetwork } from './supply-network.ts';
import { WordLineNetwork } from './word-line-network.ts';

/** Cells [rows][columns] relative to one fully on; `negative`: the other cells of interleaved pairs. */
export interface NonlinearCells {
  readonly positive: Float64Array;
  readonly negative?: Float64Array | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly iv: IvCurve;
}

/**
 * Column currents of an input-sourced crossbar of cells that are no resistors, with resistive wires, for one input
 * vector. To 1e-12 of the largest cell current; every Newton step costs what an effective matrix does. A Fault where the
 * law of the cells falls with the voltage.
 */
export function nonlinearCurrents(
  { positive, negative, rows, columns, iv }: NonlinearCells,
  inputs: Float64Array,
  lines: LineResistances,
  out: Float64Array,
): Float64Array {
  out.fill(0);
  const perNode = negative === undefined ? 1 : 2;
  const g = new Float64Array(perNode * rows * columns);
  const drives = new Float64Array(perNode * rows);
  for (let row = 0; row < rows; row++) {
    [positive, negative].forEach((cells, odd) => {
      if (cells === undefined) return;
      const line = perNode * row + odd;
      g.set(cells.subarray(row * columns, (row + 1) * columns), line * columns);
      drives[line] = odd === 0 ? inputs[row]! : -inputs[row]!;
    });
  }
  const drive = drives.reduce((most, input) => Math.max(most, Math.abs(input)), 0);
  if (drive === 0) return out;
  if (isIdeal(lines)) {
    g.forEach((cell, i) => {
      const column = i % columns;
      out[column] = out[column]! + iv.current(cell, drives[Math.floor(i / columns)]!);
    });
    return out;
  }
  const network = new WordLineNetwork(drives, columns, lines, perNode);
  const start = g.map((_, i) => drives[Math.floor(i / columns)]!);
  const currents = operatingPoint(network, g, monotoneLaw(iv, g, drive), start);
  currents.forEach((current, i) => (out[i % columns] = out[i % columns]! + current));
  return out;
}

/** The same of a gated crossbar: inputs are 0, 1 or −1, as `gatedCurrents` and `gatedPairCurrents` have them. */
export function nonlinearGatedCurrents(
  { positive, negative, rows, columns, iv }: NonlinearCells,
  inputs: Float64Array,
  lines: LineResistances,
  out: Float64Array,
): Float64Array {
  out.fill(0);
  if (isIdeal(lines)) {
    inputs.forEach((input, row) => {
      if (input === 0) return;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        let current = input * iv.current(positive[at]!, 1);
        if (negative !== undefined) {
          const [up, down] = input > 0 ? [positive, negative] : [negative, positive];
          current = iv.current(up[at]!, 1) + iv.current(down[at]!, -1);
        }
        out[column] = out[column]! + current;
      }
    });
    return out;
  }
  const law = monotoneLaw(iv, negative === undefined ? positive : joined(positive, negative), 1);
  for (let column = 0; column < columns; column++) {
    const cell = (cells: Float64Array) => (row: number) => cells[row * columns + column]!;
    if (negative === undefined) {
      const phase = (sign: number) => {
        const open = inputs.map((input, row) => (input * sign > 0 ? cell(positive)(row) : 0));
        return bitLineCurrent([1], open, rows, lines, law);
      };
      out[column] = phase(1) - phase(-1);
      continue;
    }
    const side = (up: Float64Array, down: Float64Array) =>
      inputs.map((input, row) => (input === 0 ? 0 : cell(input > 0 ? up : down)(row)));
    const open = joined(side(positive, negative), side(negative, positive));
    out[column] = bitLineCurrent([1, -1], open, rows, lines, law);
  }
  return out;
}

/** No voltage is lost: cells are on their own, whatever their law. */
function isIdeal({ row, column, rowTerminal, columnTerminal }: LineResistances): boolean {
  return row + column + rowTerminal + columnTerminal === 0;
}

function bitLineCurrent(
  supplies: readonly number[],
  cells: Float64Array,
  rows: number,
  lines: LineResistances,
  law: MonotoneLaw,
): number {
  const start = cells.map((_, i) => supplies[Math.floor(i / rows)]!);
  const currents = operatingPoint(new SupplyNetwork(supplies, rows, lines), cells, law, start);
  return currents.reduce((sum, current) => sum + current, 0);
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
