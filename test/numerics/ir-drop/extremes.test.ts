import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effectiveMatrix } from '../../../src/numerics/ir-drop/effective-matrix.ts';
import { gatedCurrents, gatedPairCurrents } from '../../../src/numerics/ir-drop/gated.ts';
import type { LineResistances } from '../../../src/numerics/ir-drop/line-resistances.ts';
import { exactCurrents } from './path-resistances.ts';

const resistance = fc.constantFrom(0, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9);
const lines = fc.record<LineResistances>({
  row: resistance,
  column: resistance,
  rowTerminal: resistance,
  columnTerminal: resistance,
});
const cell = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 1e-6, max: 1, noNaN: true }));
const crossbar = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) => {
    const cells = fc.array(cell, { minLength: rows * columns, maxLength: rows * columns });
    return fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      g: cells,
      other: cells,
      lines,
    });
  });

/** Some hundred roundings of 1e-16, of sums that never subtract. */
const CLOSE = 1e-14;

function expectClose(found: number, exact: number): void {
  expect(Math.abs(found - exact)).toBeLessThanOrEqual(CLOSE * Math.abs(exact));
}

test('every entry of an effective matrix has all its digits, whatever the resistances', () => {
  fc.assert(
    fc.property(crossbar, ({ rows, columns, g, lines }) => {
      const through = effectiveMatrix(Float64Array.from(g), rows, columns, lines);
      for (let driven = 0; driven < rows; driven++) {
        const cells = g.map((value, i) => {
          const row = Math.floor(i / columns);
          return { row, column: i % columns, line: `${row}`, drive: row === driven ? 1 : 0, g: value };
        });
        const exact = exactCurrents(cells, rows, lines, 'column');
        for (let column = 0; column < columns; column++) {
          const sum = exact.reduce(
            (total, current, i) => (i % columns === column ? total + current : total),
            0,
          );
          // Currents that flow in and out of a bit line by way of its cells cancel in the test's own sum only.
          const size = exact.reduce((total, current) => total + Math.abs(current), 0);
          const found = through[driven * columns + column]!;
          expect(Math.abs(found - sum)).toBeLessThanOrEqual(CLOSE * Math.abs(sum) + 1e-15 * size);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('gated bit lines have all their digits, whatever the resistances', () => {
  fc.assert(
    fc.property(crossbar, ({ rows, columns, g, lines }) => {
      const out = new Float64Array(columns);
      gatedCurrents(Float64Array.from(g), rows, columns, new Float64Array(rows).fill(1), lines, out);
      for (let column = 0; column < columns; column++) {
        const cells = Array.from({ length: rows }, (_, row) => {
          return { row, column, line: 'supply', drive: 1, g: g[row * columns + column]! };
        });
        expectClose(
          out[column]!,
          exactCurrents(cells, rows, lines, 'row').reduce((sum, current) => sum + current, 0),
        );
      }
    }),
    { numRuns: 150 },
  );
});

test('gated interleaved pairs lose no more than the difference of both supplies does', () => {
  fc.assert(
    fc.property(crossbar, ({ rows, columns, g, other, lines }) => {
      const out = new Float64Array(columns);
      const [positive, negative] = [Float64Array.from(g), Float64Array.from(other)];
      gatedPairCurrents(positive, negative, rows, columns, new Float64Array(rows).fill(1), lines, out);
      for (let column = 0; column < columns; column++) {
        const cells = [1, -1].flatMap((drive) =>
          Array.from({ length: rows }, (_, row) => {
            const from = drive > 0 ? positive : negative;
            return { row, column, line: `supply ${drive}`, drive, g: from[row * columns + column]! };
          }),
        );
        const exact = exactCurrents(cells, rows, lines, 'row');
        const sum = exact.reduce((total, current) => total + current, 0);
        const size = exact.reduce((total, current) => total + Math.abs(current), 0);
        expect(Math.abs(out[column]! - sum)).toBeLessThanOrEqual(CLOSE * size);
      }
    }),
    { numRuns: 150 },
  );
});
