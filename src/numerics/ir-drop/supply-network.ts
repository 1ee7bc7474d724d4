import type { LineResistances } from './line-resistances.ts';
import type { CellNetwork } from './operating-point.ts';

/**
 * One bit line of a gated crossbar and the supply lines beside it, around cells with sources of their own.
 * `supplies`: voltages of the lines, fed at row 0's end and open at the other. Cells are [supply][rows]; one that is
 * shut has neither slope nor source. Rails are the supply lines, where they have resistance, and the bit line.
 */
export class SupplyNetwork implements CellNetwork {
  readonly #supplies: readonly number[];
  readonly #rows: number;
  readonly #lines: LineResistances;
  readonly #ideal: boolean;
  readonly #rails: number;

  constructor(supplies: readonly number[], rows: number, lines: LineResistances) {
    this.#supplies = supplies;
    this.#rows = rows;
    this.#lines = lines;
    this.#ideal = lines.row + lines.rowTerminal === 0;
    this.#rails = this.#ideal ? 1 : supplies.length + 1;
  }

  /**
   * Down the rails: what stands above takes injection − matrix · v out of them. Through segments R on, its injection is
   * (I + matrix · R)⁻¹ · injection and its matrix matrix · (I + R · matrix)⁻¹; back up again, voltages above are
   * (I + R · matrix)⁻¹ · (v + R · injection).
   */
  solve(slopes: Float64Array, sources: Float64Array, voltages: Float64Array, currents: Float64Array): void {
    const rails = this.#rails;
    const { row, column, rowTerminal, columnTerminal } = this.#lines;
    const bitLine = rails - 1;
    const segments = Array.from({ length: rails }, (_, rail) => (rail === bitLine ? column : row));
    const passes: Small[] = [];
    const pushed: (readonly number[])[] = [];
    let matrix = square(rails, () => 0);
    let injection: number[] = Array.from({ length: rails }, () => 0);
    for (let r = 0; r < this.#rows; r++) {
      if (r > 0) {
        const from = matrix;
        const pass = inverse(square(rails, (i, j) => (i === j ? 1 : 0) + segments[i]! * from[i]![j]!));
        passes.push(pass);
        pushed.push(injection.map((current, rail) => segments[rail]! * current));
        matrix = square(rails, (i, j) => dot(rails, (k) => from[i]![k]! * pass[k]![j]!));
        const before = injection;
        injection = before.map((_, j) => dot(rails, (i) => pass[i]![j]! * before[i]!));
      }
      this.#supplies.forEach((supply, rail) => {
        const slope = slopes[rail * this.#rows + r]!;
        const source = sources[rail * this.#rows + r]!;
        add(matrix, bitLine, bitLine, slope);
        injection[bitLine] = injection[bitLine]! + source;
        if (this.#ideal) {
          injection[bitLine] = injection[bitLine] + slope * supply;
          return;
        }
        add(matrix, rail, rail, slope);
        add(matrix, rail, bitLine, -slope);
        add(matrix, bitLine, rail, -slope);
        injection[rail] = injection[rail]! - source;
        if (r > 0) return;
        add(matrix, rail, rail, 1 / (row + rowTerminal));
        injection[rail] = injection[rail] + supply / (row + rowTerminal);
      });
    }
    // Supplies end open, the bit line in its last segment.
    const end = column + columnTerminal;
    const last = inverse(
      square(rails, (i, j) => (i === bitLine ? (j === i ? 1 : 0) + end * matrix[i]![j]! : matrix[i]![j]!)),
    );
    const bound = injection.map((current, rail) => (rail === bitLine ? end * current : current));
    let nodes = last.map((_, i) => dot(rails, (k) => last[i]![k]! * bound[k]!));
    for (let r = this.#rows - 1; r >= 0; r--) {
      this.#supplies.forEach((supply, rail) => {
        const at = rail * this.#rows + r;
        const voltage = (this.#ideal ? supply : nodes[rail]!) - nodes[bitLine]!;
        voltages[at] = voltage;
        currents[at] = slopes[at]! * voltage + sources[at]!;
      });
      if (r === 0) break;
      const [pass, push, below] = [passes[r - 1]!, pushed[r - 1]!, nodes];
      nodes = below.map((_, i) => dot(rails, (k) => pass[i]![k]! * (below[k]! + push[k]!)));
    }
  }
}

type Small = number[][];

function square(size: number, value: (i: number, j: number) => number): Small {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => value(i, j)));
}

function add(matrix: Small, i: number, j: number, value: number): void {
  matrix[i]![j] = matrix[i]![j]! + value;
}

function dot(length: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += term(k);
  return sum;
}

/** Inverse of a matrix of up to three rows whose pivots are positive: Gauss and Jordan's method. */
function inverse(matrix: Small): Small {
  const size = matrix.length;
  const m = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < size; k++) {
    const pivot = m[k]![k]!;
    m[k] = m[k]!.map((value) => value / pivot);
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const taken = m[i]![k]!;
      m[i] = m[i]!.map((value, j) => value - taken * m[k]![j]!);
    }
  }
  return m.map((row) => row.slice(size));
}
