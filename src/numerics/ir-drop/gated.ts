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

/** Current of one bit line whose cells hang on one supply of 1. */
function ladderCurrent(rows: number, cell: (row: number) => number, lines: LineResistances): number {
  if (lines.row > 0 || lines.rowTerminal > 0) return pairLadderCurrent(rows, cell, () => 0, lines);
  // With an ideal supply only the conductance between it and the bit line counts.
  let conductance = 0;
  for (let row = 0; row < rows; row++)
    conductance = conductance / (1 + lines.column * conductance) + cell(row);
  return conductance / (1 + (lines.column + lines.columnTerminal) * conductance);
}

/**
 * Current of one bit line between two supply lines. What lies above a row is known by the conductances between five
 * terminals: the sources of +1 and −1, the supply lines and the bit line at that row. Nothing is ever subtracted, so
 * that every resistance keeps all digits.
 */
function pairLadderCurrent(
  rows: number,
  raised: (row: number) => number,
  lowered: (row: number) => number,
  lines: LineResistances,
): number {
  const between = new Float64Array(TERMINALS * TERMINALS);
  const first = lines.row + lines.rowTerminal;
  const [up, down] = first === 0 ? [PLUS, MINUS] : [SUPPLY_PLUS, SUPPLY_MINUS];
  if (first > 0) {
    connect(between, PLUS, up, 1 / first);
    connect(between, MINUS, down, 1 / first);
  }
  for (let row = 0; row < rows; row++) {
    if (row > 0) {
      if (first > 0) {
        lengthen(between, up, lines.row);
        lengthen(between, down, lines.row);
      }
      lengthen(between, BIT_LINE, lines.column);
    }
    connect(between, up, BIT_LINE, raised(row));
    connect(between, down, BIT_LINE, lowered(row));
  }
  if (first > 0) {
    leaveOpen(between, up);
    leaveOpen(between, down);
  }
  lengthen(between, BIT_LINE, lines.column + lines.columnTerminal);
  // Grounded behind its end, the bit line takes the difference of what both sources send.
  return between[PLUS * TERMINALS + BIT_LINE]! - between[MINUS * TERMINALS + BIT_LINE]!;
}

const PLUS = 0;
const MINUS = 1;
const SUPPLY_PLUS = 2;
const SUPPLY_MINUS = 3;
const BIT_LINE = 4;
const TERMINALS = 5;

function connect(between: Float64Array, a: number, b: number, conductance: number): void {
  between[a * TERMINALS + b] = between[a * TERMINALS + b]! + conductance;
  between[b * TERMINALS + a] = between[b * TERMINALS + a]! + conductance;
}

/** Moves a terminal to the other end of a wire: the star around its old place becomes a mesh. */
function lengthen(between: Float64Array, terminal: number, resistance: number): void {
  const star = between.subarray(terminal * TERMINALS, (terminal + 1) * TERMINALS);
  const passed = 1 / (1 + resistance * sum(star));
  mesh(between, terminal, resistance * passed);
  for (let other = 0; other < TERMINALS; other++) {
    star[other] = star[other]! * passed;
    between[other * TERMINALS + terminal] = star[other]!;
  }
}

/** Takes a terminal away that nothing else is connected to. */
function leaveOpen(between: Float64Array, terminal: number): void {
  const star = between.subarray(terminal * TERMINALS, (terminal + 1) * TERMINALS);
  mesh(between, terminal, 1 / sum(star));
  for (let other = 0; other < TERMINALS; other++) {
    star[other] = 0;
    between[other * TERMINALS + terminal] = 0;
  }
}

/** Adds factor · g_a · g_b between all terminals a and b of the star around another. */
function mesh(between: Float64Array, centre: number, factor: number): void {
  const star = centre * TERMINALS;
  for (let a = 0; a < TERMINALS; a++) {
    for (let b = 0; b < a; b++) {
      if (a !== centre && b !== centre)
        connect(between, a, b, factor * between[star + a]! * between[star + b]!);
    }
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
