import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectiveMatrix,
  interleavedEffectiveMatrix,
} from '../../../src/numerics/ir-drop/effective-matrix.ts';
import { gatedCurrents, gatedPairCurrents } from '../../../src/numerics/ir-drop/gated.ts';
import type { LineResistances } from '../../../src/numerics/ir-drop/line-resistances.ts';
import { Circuit } from './circuits.ts';

interface Deck {
  readonly rows: number;
  readonly cols: number;
  readonly G: number[][];
  readonly V: number[];
  readonly cases: readonly { R_row: number; R_col: number; I_col: number[] }[];
}

const folder = new URL('../../oracles/spice/', import.meta.url);
const decks = readdirSync(folder).filter((file) => file.startsWith('op_'));

describe('ngspice', () => {
  const cases = decks.flatMap((file) => {
    const deck = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Deck;
    return deck.cases.map((one) => ({ name: `${file} ${one.R_row}/${one.R_col} ohm`, deck, one }));
  });
  test.each(cases)('$name: column currents to 1e-9 of the largest', ({ deck, one }) => {
    const { rows, cols, G, V } = deck;
    const unit = 1e-4;
    const lines = { row: one.R_row * unit, column: one.R_col * unit, rowTerminal: 0, columnTerminal: 0 };
    const cells = Float64Array.from(G.flat(), (g) => g / unit);
    const through = effectiveMatrix(cells, rows, cols, lines);
    const largest = Math.max(...one.I_col.map(Math.abs));
    one.I_col.forEach((expected, column) => {
      let current = 0;
      for (let row = 0; row < rows; row++) current += through[row * cols + column]! * unit * V[row]!;
      expect(Math.abs(current - expected)).toBeLessThan(1e-9 * largest);
    });
  });
});

const resistance = fc.oneof(fc.constant(0), fc.double({ min: 1e-4, max: 2, noNaN: true }));
const cell = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1, noNaN: true }));
const wires = fc.record<LineResistances>({
  row: resistance,
  column: resistance,
  rowTerminal: resistance,
  columnTerminal: resistance,
});
const crossbars = fc.integer({ min: 1, max: 5 }).chain((rows) =>
  fc.integer({ min: 1, max: 5 }).chain((columns) => {
    const count = rows * columns;
    const cells = fc.array(cell, { minLength: count, maxLength: count });
    const inputs = fc.array(fc.constantFrom(0, 1, -1), { minLength: rows, maxLength: rows });
    return fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      positive: cells.map((values) => Float64Array.from(values)),
      negative: cells.map((values) => Float64Array.from(values)),
      inputs: inputs.map((values) => Float64Array.from(values)),
      lines: wires,
    });
  }),
);

/** What Gauss elimination leaves of double precision beside conductances of 1e4. */
const CLOSE = 1e-11;

/** Bit lines of a circuit: `columns` of them, the last row's end grounded. */
function bitLine(circuit: Circuit, rows: number, column: number, lines: LineResistances): string {
  for (let row = 0; row + 1 < rows; row++) {
    circuit.resistor(`b${row},${column}`, `b${row + 1},${column}`, lines.column);
  }
  circuit.fix(`ground${column}`, 0);
  circuit.resistor(`b${rows - 1},${column}`, `ground${column}`, lines.column + lines.columnTerminal);
  return `ground${column}`;
}

test('input-sourced crossbars draw what Gauss elimination of all their nodes gives', () => {
  fc.assert(
    fc.property(crossbars, ({ rows, columns, positive, lines }) => {
      const through = effectiveMatrix(positive, rows, columns, lines);
      for (let driven = 0; driven < rows; driven++) {
        const circuit = new Circuit();
        const ends: string[] = [];
        for (let row = 0; row < rows; row++) {
          circuit.fix(`source${row}`, row === driven ? 1 : 0);
          circuit.resistor(`source${row}`, `w${row},0`, lines.row + lines.rowTerminal);
          for (let column = 0; column < columns; column++) {
            if (column > 0) circuit.resistor(`w${row},${column - 1}`, `w${row},${column}`, lines.row);
            circuit.conductance(`w${row},${column}`, `b${row},${column}`, positive[row * columns + column]!);
          }
        }
        for (let column = 0; column < columns; column++) ends.push(bitLine(circuit, rows, column, lines));
        ends.forEach((end, column) => {
          const current = through[driven * columns + column]!;
          expect(Math.abs(current - circuit.currentInto(end))).toBeLessThan(CLOSE);
        });
      }
    }),
    { numRuns: 60 },
  );
});

test('interleaved pairs draw what Gauss elimination gives', () => {
  fc.assert(
    fc.property(crossbars, ({ rows, columns, positive, negative, inputs, lines }) => {
      const through = interleavedEffectiveMatrix(positive, negative, rows, columns, lines);
      const circuit = new Circuit();
      for (let row = 0; row < rows; row++) {
        for (const [sign, cells] of [
          [1, positive],
          [-1, negative],
        ] as const) {
          const at = 2 * row + (sign > 0 ? 0 : 1);
          circuit.fix(`source${at}`, sign * inputs[row]!);
          circuit.resistor(`source${at}`, `w${at},0`, lines.row + lines.rowTerminal);
          for (let column = 0; column < columns; column++) {
            if (column > 0) circuit.resistor(`w${at},${column - 1}`, `w${at},${column}`, lines.row);
            circuit.conductance(`w${at},${column}`, `b${row},${column}`, cells[row * columns + column]!);
          }
        }
      }
      const ends = Array.from({ length: columns }, (_, column) => bitLine(circuit, rows, column, lines));
      ends.forEach((end, column) => {
        let current = 0;
        for (let row = 0; row < rows; row++) {
          const at = row * columns + column;
          current += inputs[row]! * (through.positive[at]! - through.negative[at]!);
        }
        expect(Math.abs(current - circuit.currentInto(end))).toBeLessThan(CLOSE);
      });
    }),
    { numRuns: 60 },
  );
});

test('gated crossbars draw what Gauss elimination gives, a phase for each sign', () => {
  fc.assert(
    fc.property(crossbars, ({ rows, columns, positive, inputs, lines }) => {
      const out = gatedCurrents(positive, rows, columns, inputs, lines, new Float64Array(columns));
      for (let column = 0; column < columns; column++) {
        let expected = 0;
        for (const sign of [1, -1]) {
          const circuit = new Circuit();
          circuit.fix('supply', 1);
          circuit.resistor('supply', 's0', lines.row + lines.rowTerminal);
          for (let row = 0; row < rows; row++) {
            if (row > 0) circuit.resistor(`s${row - 1}`, `s${row}`, lines.row);
            const open = inputs[row]! * sign > 0;
            circuit.conductance(`s${row}`, `b${row},${column}`, open ? positive[row * columns + column]! : 0);
          }
          const end = bitLine(circuit, rows, column, lines);
          expected += sign * circuit.currentInto(end);
        }
        expect(Math.abs(out[column]! - expected)).toBeLessThan(CLOSE);
      }
    }),
    { numRuns: 60 },
  );
});

test('gated interleaved pairs draw what Gauss elimination gives', () => {
  fc.assert(
    fc.property(crossbars, ({ rows, columns, positive, negative, inputs, lines }) => {
      const out = gatedPairCurrents(
        positive,
        negative,
        rows,
        columns,
        inputs,
        lines,
        new Float64Array(columns),
      );
      for (let column = 0; column < columns; column++) {
        const circuit = new Circuit();
        for (const sign of [1, -1]) {
          circuit.fix(`supply${sign}`, sign);
          circuit.resistor(`supply${sign}`, `s${sign},0`, lines.row + lines.rowTerminal);
        }
        for (let row = 0; row < rows; row++) {
          for (const sign of [1, -1]) {
            if (row > 0) circuit.resistor(`s${sign},${row - 1}`, `s${sign},${row}`, lines.row);
            const cells = sign * inputs[row]! > 0 ? positive : negative;
            const opened = inputs[row] === 0 ? 0 : cells[row * columns + column]!;
            circuit.conductance(`s${sign},${row}`, `b${row},${column}`, opened);
          }
        }
        const end = bitLine(circuit, rows, column, lines);
        expect(Math.abs(out[column]! - circuit.currentInto(end))).toBeLessThan(CLOSE);
      }
    }),
    { numRuns: 60 },
  );
});

test('wires without resistance change nothing, more resistance lets less through', () => {
  fc.assert(
    fc.property(crossbars, fc.double({ min: 1.01, max: 5, noNaN: true }), (crossbar, factor) => {
      const { rows, columns, positive, lines } = crossbar;
      const none = { row: 0, column: 0, rowTerminal: 0, columnTerminal: 0 };
      expect([...effectiveMatrix(positive, rows, columns, none)]).toEqual([...positive]);
      const sums = (wires: LineResistances) => {
        const through = effectiveMatrix(positive, rows, columns, wires);
        return through.reduce((a, b) => a + b, 0);
      };
      const more = {
        row: lines.row * factor,
        column: lines.column * factor,
        rowTerminal: lines.rowTerminal * factor,
        columnTerminal: lines.columnTerminal * factor,
      };
      expect(sums(more)).toBeLessThanOrEqual(sums(lines) * (1 + 1e-12));
      expect(sums(lines)).toBeLessThanOrEqual(sums(none) * (1 + 1e-12));
    }),
  );
});

test.each([1e-12, 1e9])('resistances of %s leave finite, positive currents', (size) => {
  const cells = Float64Array.from({ length: 12 * 7 }, (_, i) => (i % 5) / 4);
  const lines = { row: size, column: size, rowTerminal: size, columnTerminal: size };
  const through = effectiveMatrix(cells, 12, 7, lines);
  // A driven line also feeds the columns of its cells that are off, by way of the others: never more than all cells.
  const all = cells.reduce((a, b) => a + b, 0);
  for (let row = 0; row < 12; row++) {
    const drawn = through.slice(row * 7, row * 7 + 7);
    expect(drawn.every((current) => current >= 0)).toBe(true);
    expect(drawn.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(all);
  }
});
