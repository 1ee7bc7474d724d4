import type { LineResistances } from './line-resistances.ts';

/**
 * Column currents of an input-sourced crossbar with resistive wires, for unit inputs: cells [rows][columns] become
 * E [rows][columns], I_c = Σ_r E[r][c] · V_r, in place, in float64.
 *
 * Circuit: word line r is driven by an ideal source through `row` + `rowTerminal`, then `row` between neighbouring
 * cells, its far end open; bit line c has `column` between neighbouring cells, its far end open, and `column` +
 * `columnTerminal` from the last cell to a virtual ground. All sums are linear in the inputs, so no iteration is
 * needed: rows are eliminated one after the other. Seen from its cells' bit-line nodes a word line is a dense
 * conductance S_r and an injection s_r; what stands above a bit-line segment passes it as B = (I + column · A)⁻¹, with
 * A the conductance above, so that injections become B · injection and A ← S + (I − B) / column.
 *
 * No step subtracts: of a conductance matrix only the couplings between bit lines and the leaks (row sums, what flows
 * when all bit lines rise together) are kept, pivots are their sums (Grassmann, Taksar and Heyman, Operations Research
 * 33, 1985), the leaks of S_r are s_r and those of (I − B) / column are B · leaks. So every entry keeps its digits
 * whatever the resistances, and zero resistances need no special case.
 *
 * `wordLinesPerNode`: neighbouring word lines whose cells hang on the same node of a bit line (2: interleaved pairs).
 *
 * Cost: about rows · columns³ · 2 + rows² · columns² operations, columns² numbers of memory; choose the shorter side as
 * columns (`transposedCrossbar`). kernels/elimination.ts computes the same bits.
 */
export function eliminate(
  cells: Float64Array,
  rows: number,
  columns: number,
  lines: LineResistances,
  wordLinesPerNode = 1,
): void {
  const size = Math.ceil(columns / 4) * 4;
  const matrix = new Float64Array(size * size);
  const leaks = new Float64Array(columns);
  const pivots = new Float64Array(4 * size);
  const rest = new Float64Array(size);
  const line = wordLine(columns);
  const { column: segment, columnTerminal } = lines;
  const scale = segment > 0 ? segment : 1;
  for (let r = 0; r < rows; r += wordLinesPerNode) {
    const end = r + wordLinesPerNode;
    // I − B of the rows above, scaled by the segment; without segments the sum of all rows so far.
    if (r > 0 && segment > 0) scaleAll(matrix, -1);
    for (let at = r; at < end; at++) {
      const own = cells.subarray(at * columns, (at + 1) * columns);
      addWordLine(matrix, size, own, lines, scale, line);
      for (let k = 0; k < columns; k++) leaks[k] = leaks[k]! + scale * own[k]!;
    }
    const last = end === rows;
    if (segment === 0 && !last) continue;
    if (last) {
      const factor = segment === 0 ? columnTerminal : (segment + columnTerminal) / segment;
      scaleAll(matrix, factor);
      scaleAll(leaks, factor);
    }
    rest.fill(1);
    for (let k = 0; k < columns; k++) rest[k] = 1 + leaks[k]!;
    invert(matrix, size, pivots, rest);
    multiplyRows(cells.subarray(0, end * columns), end, columns, matrix, size);
    multiplyRows(leaks, 1, columns, matrix, size);
  }
}

/** values ← factor · values. */
export function scaleAll(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = factor * values[i]!;
}

/** Room for what a word line is worked out with. */
export interface WordLine {
  /** Conductance from a node to ground by the way of the driver, and by its own cell and what lies beyond. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** Voltage of a node over that of its neighbour to the right, when that is driven. */
  readonly ratio: Float64Array;
}

/** Room for a word line of so many cells. */
export function wordLine(columns: number): WordLine {
  return {
    left: new Float64Array(columns),
    right: new Float64Array(columns),
    ratio: new Float64Array(columns),
  };
}

/**
 * Adds the couplings of scale · S of a word line to the matrix, and replaces its cells g by the injection s of a unit
 * input. The line is a ladder: every quantity comes from the conductances to its left and right, all of them sums of
 * positive terms.
 */
export function addWordLine(
  matrix: Float64Array,
  size: number,
  g: Float64Array,
  { row, rowTerminal }: LineResistances,
  scale: number,
  { left, right, ratio }: WordLine,
): void {
  const n = g.length;
  const drive = row + rowTerminal;
  // An ideal word line: its cells do not see each other.
  if (drive === 0) return;
  right[n - 1] = g[n - 1]!;
  for (let k = n - 2; k >= 0; k--) right[k] = g[k]! + right[k + 1]! / (1 + row * right[k + 1]!);
  left[0] = 1 / drive;
  for (let k = 0; k < n; k++) {
    const above = g[k]! + left[k]!;
    ratio[k] = 1 / (1 + row * above);
    if (k + 1 < n) left[k + 1] = above * ratio[k]!;
  }
  for (let k = 1; k < n; k++) {
    const beyond = k + 1 < n ? right[k + 1]! / (1 + row * right[k + 1]!) : 0;
    let reach = (scale * g[k]!) / (left[k]! + beyond + g[k]!);
    const at = k * size;
    for (let j = k - 1; j >= 0; j--) {
      reach *= ratio[j]!;
      const coupling = g[j]! * reach;
      matrix[at + j] = matrix[at + j]! - coupling;
      matrix[j * size + k] = matrix[j * size + k]! - coupling;
    }
  }
  let voltage = 1 / (1 + drive * right[0]!);
  g[0] = g[0]! * voltage;
  for (let k = 1; k < n; k++) {
    voltage /= 1 + row * right[k]!;
    g[k] = g[k]! * voltage;
  }
}

/**
 * Inverse of a symmetric matrix in place, given by its couplings (negative, off the diagonal; what stands on the
 * diagonal does not count) and by its row sums `rest`, which are used up: Gauss and Jordan's method, four pivots at a
 * time.
 */
export function invert(matrix: Float64Array, size: number, pivots: Float64Array, rest: Float64Array): void {
  for (let first = 0; first < size; first += 4) {
    pivots.set(matrix.subarray(first * size, (first + 4) * size));
    for (let k = 0; k < 4; k++) pivotRow(pivots, size, k, first + k, rest);
    for (let i = 0; i < size; i++) {
      if (i >= first && i < first + 4) continue;
      const at = i * size;
      const [w0, w1, w2, w3] = [
        matrix[at + first]!,
        matrix[at + first + 1]!,
        matrix[at + first + 2]!,
        matrix[at + first + 3]!,
      ];
      matrix.fill(0, at + first, at + first + 4);
      for (let j = 0; j < size; j++) {
        let value = matrix[at + j]! - w0 * pivots[j]!;
        value -= w1 * pivots[size + j]!;
        value -= w2 * pivots[2 * size + j]!;
        matrix[at + j] = value - w3 * pivots[3 * size + j]!;
      }
    }
    matrix.set(pivots, first * size);
  }
}

/** One pivot of four rows: its row is scaled, its column cleared in the others, its row sum shared among those left. */
function pivotRow(pivots: Float64Array, size: number, k: number, column: number, rest: Float64Array): void {
  const own = k * size;
  // Couplings to the columns that are left, even and odd ones apart.
  let even = 0;
  let odd = column % 2 === 0 ? pivots[own + column + 1]! : 0;
  const start = column + 2 - (column % 2);
  for (let j = start; j < size; j += 2) {
    even += pivots[own + j]!;
    odd += pivots[own + j + 1]!;
  }
  const factor = 1 / (rest[column]! - (even + odd));
  pivots[own + column] = 1;
  for (let j = 0; j < size; j++) pivots[own + j] = pivots[own + j]! * factor;
  const shared = rest[column]!;
  for (let j = column - (column % 2); j < size; j++) rest[j] = rest[j]! - shared * pivots[own + j]!;
  for (let r = 0; r < 4; r++) {
    if (r === k) continue;
    const at = r * size;
    const taken = pivots[at + column]!;
    pivots[at + column] = 0;
    for (let j = 0; j < size; j++) pivots[at + j] = pivots[at + j]! - taken * pivots[own + j]!;
  }
}

/** vectors [count][columns] ← vectors · matrix. */
export function multiplyRows(
  vectors: Float64Array,
  count: number,
  columns: number,
  matrix: Float64Array,
  size: number,
): void {
  const source = new Float64Array(columns);
  for (let r = 0; r < count; r++) {
    source.set(vectors.subarray(r * columns, (r + 1) * columns));
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += source[k]! * matrix[k * size + j]!;
      vectors[r * columns + j] = sum;
    }
  }
}
