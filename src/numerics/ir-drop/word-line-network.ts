import { Fault } from '../../base/fault.ts';
import { addWordLine, invert, multiplyRows, scaleAll, wordLine } from './elimination.ts';
import type { LineResistances } from './line-resistances.ts';
import type { CellNetwork } from './operating-point.ts';

/**
 * Word and bit lines of an input-sourced crossbar around cells with sources of their own (see `eliminate` for the
 * circuit). `drives`: voltages of the word lines, `wordLinesPerNode` of which share the nodes of a bit line. Cells are
 * [word lines][columns]. Memory: columns² · 8 bytes for every row where bit lines have resistance.
 */
export class WordLineNetwork implements CellNetwork {
  readonly #drives: Float64Array;
  readonly #columns: number;
  readonly #lines: LineResistances;
  readonly #perNode: number;
  readonly #size: number;
  /** What turns bit-line voltages below a segment, plus segment · injection, into those above it; row by row. */
  readonly #passes: Float64Array;
  readonly #injections: Float64Array;

  constructor(drives: Float64Array, columns: number, lines: LineResistances, wordLinesPerNode: number) {
    this.#drives = drives;
    this.#columns = columns;
    this.#lines = lines;
    this.#perNode = wordLinesPerNode;
    this.#size = Math.ceil(columns / 4) * 4;
    const rows = drives.length / wordLinesPerNode;
    const kept = lines.column > 0 ? rows : 1;
    const numbers = kept * this.#size * this.#size;
    if (numbers > MAX_NUMBERS) {
      throw new Fault(
        `cells that are no resistors behind resistive wires need ${((numbers * 8) / 2 ** 30).toPrecision(3)} GiB for ${rows} × ${columns} of them`,
        { cure: 'use smaller crossbars, or leave wires out' },
      );
    }
    this.#passes = new Float64Array(numbers);
    this.#injections = new Float64Array(rows * columns);
  }

  solve(slopes: Float64Array, sources: Float64Array, voltages: Float64Array, currents: Float64Array): void {
    this.#eliminate(slopes, sources);
    this.#substitute(slopes, sources, voltages, currents);
  }

  #eliminate(slopes: Float64Array, sources: Float64Array): void {
    const { column: segment, columnTerminal } = this.#lines;
    const [columns, size, perNode] = [this.#columns, this.#size, this.#perNode];
    const rows = this.#drives.length / perNode;
    const matrix = new Float64Array(size * size);
    const leaks = new Float64Array(columns);
    const injection = new Float64Array(columns);
    const pivots = new Float64Array(4 * size);
    const rest = new Float64Array(size);
    const room = wordLine(columns);
    const line = new Ladder(columns, this.#lines);
    const grounded = new Float64Array(columns);
    const scale = segment > 0 ? segment : 1;
    for (let r = 0; r < rows; r++) {
      if (r > 0 && segment > 0) scaleAll(matrix, -1);
      for (let at = r * perNode; at < (r + 1) * perNode; at++) {
        const g = part(slopes, at, columns);
        const source = part(sources, at, columns);
        line.solve(this.#drives[at]!, g, source, grounded);
        for (let k = 0; k < columns; k++)
          injection[k] = injection[k]! + g[k]! * line.voltages[k]! + source[k]!;
        const leak = g.slice();
        addWordLine(matrix, size, leak, this.#lines, scale, room);
        for (let k = 0; k < columns; k++) leaks[k] = leaks[k]! + scale * leak[k]!;
      }
      const last = r === rows - 1;
      const passed = last ? segment + columnTerminal : segment;
      this.#injections.set(
        injection.map((current) => passed * current),
        r * columns,
      );
      if (segment === 0 && !last) continue;
      if (last) {
        const factor = segment === 0 ? columnTerminal : passed / segment;
        scaleAll(matrix, factor);
        scaleAll(leaks, factor);
      }
      rest.fill(1);
      for (let k = 0; k < columns; k++) rest[k] = 1 + leaks[k]!;
      invert(matrix, size, pivots, rest);
      this.#passes.set(matrix, segment > 0 ? r * size * size : 0);
      multiplyRows(leaks, 1, columns, matrix, size);
      multiplyRows(injection, 1, columns, matrix, size);
    }
  }

  #substitute(
    slopes: Float64Array,
    sources: Float64Array,
    voltages: Float64Array,
    currents: Float64Array,
  ): void {
    const [columns, size, perNode] = [this.#columns, this.#size, this.#perNode];
    const rows = this.#drives.length / perNode;
    const bitLines = new Float64Array(columns);
    const line = new Ladder(columns, this.#lines);
    for (let r = rows - 1; r >= 0; r--) {
      if (this.#lines.column > 0 || r === rows - 1) {
        const kept = this.#lines.column > 0 ? r * size * size : 0;
        const pass = this.#passes.subarray(kept, kept + size * size);
        for (let k = 0; k < columns; k++) {
          bitLines[k] = bitLines[k]! + this.#injections[r * columns + k]!;
        }
        multiplyRows(bitLines, 1, columns, pass, size);
      }
      for (let at = r * perNode; at < (r + 1) * perNode; at++) {
        const g = part(slopes, at, columns);
        const source = part(sources, at, columns);
        line.solve(this.#drives[at]!, g, source, bitLines);
        for (let k = 0; k < columns; k++) {
          const voltage = line.voltages[k]! - bitLines[k]!;
          voltages[at * columns + k] = voltage;
          currents[at * columns + k] = g[k]! * voltage + source[k]!;
        }
      }
    }
  }
}

/** 2 GiB. */
const MAX_NUMBERS = 2 ** 28;

function part(values: Float64Array, index: number, length: number): Float64Array {
  return values.subarray(index * length, (index + 1) * length);
}

/** One word line between its driver and bit lines of known voltage. */
class Ladder {
  readonly voltages: Float64Array;
  readonly #row: number;
  readonly #drive: number;
  /** Current that flows on from a node: conductance · voltage + source. */
  readonly #conductances: Float64Array;
  readonly #sources: Float64Array;

  constructor(columns: number, { row, rowTerminal }: LineResistances) {
    this.voltages = new Float64Array(columns);
    this.#row = row;
    this.#drive = row + rowTerminal;
    this.#conductances = new Float64Array(columns);
    this.#sources = new Float64Array(columns);
  }

  solve(input: number, g: Float64Array, source: Float64Array, bitLines: Float64Array): void {
    const conductances = this.#conductances;
    const sources = this.#sources;
    let conductance = 0;
    let beyond = 0;
    for (let k = g.length - 1; k >= 0; k--) {
      const share = 1 / (1 + this.#row * conductance);
      conductance = conductance * share + g[k]!;
      beyond = beyond * share + source[k]! - g[k]! * bitLines[k]!;
      conductances[k] = conductance;
      sources[k] = beyond;
    }
    let voltage = input;
    for (let k = 0; k < g.length; k++) {
      const resistance = k === 0 ? this.#drive : this.#row;
      voltage = (voltage - resistance * sources[k]!) / (1 + resistance * conductances[k]!);
      this.voltages[k] = voltage;
    }
  }
}
