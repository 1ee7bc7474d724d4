import type { LineResistances } from '../../../src/numerics/ir-drop/line-resistances.ts';

/** A cell of a crossbar circuit: where it stands, what drives the line it hangs on. */
export interface PlacedCell {
  readonly row: number;
  readonly column: number;
  /** Which line: cells of one line share its wires. */
  readonly line: string;
  readonly drive: number;
  readonly g: number;
}

/** How far along its line a cell stands from the driver: input-sourced by column, gated by row. */
export type Along = 'column' | 'row';

/**
 * The wires as resistances instead of nodes: the voltage that the current of cell b takes from cell a, which is the
 * resistance of the wires that both currents pass. Cell voltages are v = drive − Σ Z · current: the tests' own
 * formulation, in which a resistance of 0 is nothing special.
 */
export function sharedResistance(
  a: PlacedCell,
  b: PlacedCell,
  rows: number,
  lines: LineResistances,
  along: Along,
): readonly [number, number][] {
  const passed: [number, number][] = [];
  if (a.line === b.line) passed.push([lines.row, Math.min(a[along], b[along]) + 1], [lines.rowTerminal, 1]);
  if (a.column === b.column) {
    passed.push([lines.column, rows - Math.max(a.row, b.row)], [lines.columnTerminal, 1]);
  }
  return passed;
}

/** Binary digits behind the point of the exact solution below. */
const DIGITS = 700n;
const ONE = 1n << DIGITS;

function fixed(value: number): bigint {
  // A double is an integer times a power of two: exact.
  let exponent = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return (BigInt(mantissa) << DIGITS) >> BigInt(exponent);
}

/** Currents of resistive cells by Gauss elimination with 700 binary digits: what is right to the last digit. */
export function exactCurrents(
  cells: readonly PlacedCell[],
  rows: number,
  lines: LineResistances,
  along: Along,
): readonly number[] {
  const n = cells.length;
  const matrix = cells.map((a, i) => {
    const row = cells.map((b, j) => {
      const wires = sharedResistance(a, b, rows, lines, along);
      const z = wires.reduce((sum, [resistance, count]) => sum + fixed(resistance) * BigInt(count), 0n);
      return ((z * fixed(b.g)) >> DIGITS) + (i === j ? ONE : 0n);
    });
    return [...row, fixed(a.drive)];
  });
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (i === k || matrix[i]![k] === 0n) continue;
      const factor = (matrix[i]![k]! << DIGITS) / matrix[k]![k]!;
      for (let j = k; j <= n; j++) matrix[i]![j] = matrix[i]![j]! - ((factor * matrix[k]![j]!) >> DIGITS);
    }
  }
  return cells.map(({ g }, k) => {
    const voltage = (matrix[k]![n]! << DIGITS) / matrix[k]![k]!;
    return number((voltage * fixed(g)) >> DIGITS);
  });
}

/** Currents of cells of any rising law: Newton's method on all cells at once, the drive raised in steps. */
export function nonlinearPathCurrents(
  cells: readonly PlacedCell[],
  rows: number,
  lines: LineResistances,
  along: Along,
  law: (g: number, v: number) => number,
): readonly number[] {
  const n = cells.length;
  const z = cells.map((a) =>
    cells.map((b) =>
      sharedResistance(a, b, rows, lines, along).reduce(
        (sum, [resistance, count]) => sum + resistance * count,
        0,
      ),
    ),
  );
  const v = cells.map(() => 0);
  const current = (i: number) => law(cells[i]!.g, v[i]!);
  const slope = (i: number) => (law(cells[i]!.g, v[i]! + 1e-5) - law(cells[i]!.g, v[i]! - 1e-5)) / 2e-5;
  for (let step = 1; step <= 60; step++) {
    const share = Math.min(step / 20, 1);
    const matrix = cells.map((cell, i) => {
      const row = cells.map((_, j) => z[i]![j]! * slope(j) + (i === j ? 1 : 0));
      const wanted =
        share * cell.drive - v[i]! - cells.reduce((sum, _, j) => sum + z[i]![j]! * current(j), 0);
      return [...row, wanted];
    });
    for (let k = 0; k < n; k++) {
      let best = k;
      for (let i = k; i < n; i++) if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[best]![k]!)) best = i;
      [matrix[k], matrix[best]] = [matrix[best]!, matrix[k]!];
      for (let i = 0; i < n; i++) {
        if (i === k) continue;
        const factor = matrix[i]![k]! / matrix[k]![k]!;
        for (let j = k; j <= n; j++) matrix[i]![j] = matrix[i]![j]! - factor * matrix[k]![j]!;
      }
    }
    for (let k = 0; k < n; k++) v[k] = v[k]! + matrix[k]![n]! / matrix[k]![k]!;
  }
  return cells.map((_, i) => current(i));
}

function number(value: bigint): number {
  // 60 digits more than a double has, from the first that counts.
  const length = value.toString(2).length;
  const shift = length > 120 ? BigInt(length - 120) : 0n;
  return Number(value >> shift) * 2 ** Number(shift - DIGITS);
}
