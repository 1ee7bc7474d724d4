import type { LineResistances } from './line-resistances.ts';

/**
 * Column currents of a gated crossbar: beside each bit line runs a supply line that is fed at row 0's end, inputs open
 * the cells between them. A bit line ends in a virtual ground behind the last row. Inputs [rows] are 0, 1 or −1: the
 * negative ones are read in a phase of their own, whose currents are subtracted. Relative units; writes `out`
 * [columns] and returns it. Exact in O(rows) a column.
 */
export function gatedCurrents(
  conductances: Float64Array,
  rows: number,
  columns: number,
  inputs: Float64Array,
  lines: LineResistances,
  out: Float64Array,
): Float64Array {
  out.fill(0);
  for (const sign of [1, -1]) {
    if (!inputs.some((input) => input * sign > 0)) continue;
    for (let column = 0; column < columns; column++) {
      const cell = (row: number) => (inputs[row]! * sign > 0 ? conductances[row * columns + column]! : 0);
      out[column] = out[column]! + sign * ladderCurrent(rows, cell, lines);
    }
  }
  return out;
}

/**
 * The same of interleaved pairs: both cells of a pair on one bit line, between it and supply lines of +1 and −1 that
 * run beside it; a positive input opens both cells, a negative one both with the supplies exchanged.
 */
export function gatedPairCurrents(
  positive: Float64Array,
  negative: Float64Array,
  rows: number,
  columns: number,
  inputs: Float64Array,
  lines: LineResistances,
  out: Float64Array,
): Float64Array {
  for (let column = 0; column < columns; column++) {
    const at = (row: number) => row * columns + column;
    const raised = (row: number) => open(inputs[row]!, positive[at(row)]!, negative[at(row)]!);
    const lowered = (row: number) => open(inputs[row]!, negative[at(row)]!, positive[at(row)]!);
    out[column] = pairLadderCurrent(rows, raised, lowered, lines);
  }
  return out;
}

/** The cell that an input opens towards a supply: `up` for a positive input, `down` for a negative one. */
function open(input: number, up: number, down: number): number {
  if (input === 0) return 0;
  return input > 0 ? up : down;
}

/**
 * Current of one bit line whose cells hang on one supply of 1. Everything above a row is a two-port between supply
 * node, bit-line node and ground: with an ideal supply only its conductance Y counts, Y ← Y / (1 + R · Y) + g.
 */
function ladderCurrent(rows: number, cell: (row: number) => number, lines: LineResistances): number {
  if (lines.row > 0 || lines.rowTerminal > 0) return pairLadderCurrent(rows, cell, () => 0, lines);
  let conductance = 0;
  for (let row = 0; row < rows; row++)
    conductance = conductance / (1 + lines.column * conductance) + cell(row);
  return conductance / (1 + (lines.column + lines.columnTerminal) * conductance);
}

/**
 * Current of one bit line between two supply lines: three nodes a row, eliminated from the last row's end of the
 * supplies back to their source. Solved as a block-tridiagonal system of symmetric 3 × 3 blocks.
 */
function pairLadderCurrent(
  rows: number,
  raised: (row: number) => number,
  lowered: (row: number) => number,
  lines: LineResistances,
): number {
  const { row: supply, column: segment, rowTerminal, columnTerminal } = lines;
  if (supply === 0 && rowTerminal === 0) {
    // Ideal supplies: conductance and short-circuit current of what lies above.
    let conductance = 0;
    let current = 0;
    for (let row = 0; row < rows; row++) {
      const share = 1 / (1 + segment * conductance);
      conductance = conductance * share + raised(row) + lowered(row);
      current = current * share + raised(row) - lowered(row);
    }
    return current / (1 + (segment + columnTerminal) * conductance);
  }
  // Resistances instead of conductances along the wires keep zero segments exact: the state is the potential of the
  // two supplies and the bit line at a row and the currents that flow on in them, all affine in three unknowns.
  return shoot(rows, raised, lowered, { supply, segment, rowTerminal, columnTerminal });
}

interface Ladder {
  readonly supply: number;
  readonly segment: number;
  readonly rowTerminal: number;
  readonly columnTerminal: number;
}

/**
 * Riccati elimination from the far end (the last row): what hangs behind a segment of the supplies is, seen from its
 * start, currents i = Y · v + J for the two supplies and the bit line (v their potentials). At the far end the
 * supplies are open and the bit line is grounded through its last segment; at row 0 the supplies are driven through
 * their first segment and the bit line is open. A wire of resistance R in front of Y gives (I + Y · R)⁻¹ Y.
 */
function shoot(
  rows: number,
  raised: (row: number) => number,
  lowered: (row: number) => number,
  { supply, segment, rowTerminal, columnTerminal }: Ladder,
): number {
  // Bit line as the wire that carries current out: Y in terms of (supply +, supply −, bit line) of the row above.
  // Thévenin form of the bit line at the last row: v_b = Z · i_b with i_b flowing out; kept as a resistance.
  const end = segment + columnTerminal;
  let z = end;
  // Potentials of the bit line as the load of the cells below: v_b = z · i + a · v₊ + b · v₋, and the supplies' loads.
  let a = 0;
  let b = 0;
  let y11 = 0;
  let y12 = 0;
  let y22 = 0;
  let c1 = 0;
  let c2 = 0;
  // Output current as a function of (i from above, v₊, v₋): out = t · i + p · v₊ + q · v₋.
  let t = 1;
  let p = 0;
  let q = 0;
  for (let row = rows - 1; row >= 0; row--) {
    // Cells of this row between the supplies (v₊, v₋) and the bit-line node v_b: they add to the current i.
    const up = raised(row);
    const down = lowered(row);
    // i_total = i + up (v₊ − v_b) + down (v₋ − v_b), v_b = z · i_total + a v₊ + b v₋.
    const share = 1 / (1 + (up + down) * z);
    // v_b = share · (z i + (z up + a) v₊ + (z down + b) v₋)
    const nz = z * share;
    const na = (z * up + a) * share;
    const nb = (z * down + b) * share;
    // i_total = share · (i + (up − (up + down) a) v₊ + (down − (up + down) b) v₋)
    const s1 = (up - (up + down) * a) * share;
    const s2 = (down - (up + down) * b) * share;
    // Loads on the supplies: what flows on (c · i_total + Y v) plus what the cells take.
    const l1 = c1 * share - up * nz;
    const l2 = c2 * share - down * nz;
    const n11 = y11 + c1 * s1 + up * (1 - na);
    const n12 = y12 + c1 * s2 - up * nb;
    const n21 = y12 + c2 * s1 - down * na;
    const n22 = y22 + c2 * s2 + down * (1 - nb);
    const np = p + t * s1;
    const nq = q + t * s2;
    const nt = t * share;
    // Supply segments in front of this row: v = u − R (Y v + c i), so v = M (u − R c i), M = (I + R Y)⁻¹.
    const wire = row === 0 ? supply + rowTerminal : supply;
    const m = inverse2(1 + wire * n11, wire * n12, wire * n21, 1 + wire * n22);
    const d1 = -wire * (m[0] * l1 + m[1] * l2);
    const d2 = -wire * (m[2] * l1 + m[3] * l2);
    c1 = l1 + n11 * d1 + n12 * d2;
    c2 = l2 + n21 * d1 + n22 * d2;
    y11 = n11 * m[0] + n12 * m[2];
    y12 = n11 * m[1] + n12 * m[3];
    y22 = n21 * m[1] + n22 * m[3];
    t = nt + np * d1 + nq * d2;
    p = np * m[0] + nq * m[2];
    q = np * m[1] + nq * m[3];
    // The bit line's segment above this row.
    z = nz + na * d1 + nb * d2 + segment;
    a = na * m[0] + nb * m[2];
    b = na * m[1] + nb * m[3];
  }
  // Nothing flows in from above; the supplies are at +1 and −1.
  return p - q;
}

function inverse2(a: number, b: number, c: number, d: number): readonly [number, number, number, number] {
  const factor = 1 / (a * d - b * c);
  return [d * factor, -b * factor, -c * factor, a * factor];
}
