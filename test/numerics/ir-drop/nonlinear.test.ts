import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cubic } from '../../../src/hardware/iv/cubic.ts';
import { ivModels } from '../../../src/hardware/iv/index.ts';
import type { IvCurve } from '../../../src/hardware/iv/iv.ts';
import { rram } from '../../../src/hardware/iv/rram.ts';
import {
  effectiveMatrix,
  interleavedEffectiveMatrix,
} from '../../../src/numerics/ir-drop/effective-matrix.ts';
import { gatedCurrents, gatedPairCurrents } from '../../../src/numerics/ir-drop/gated.ts';
import type { LineResistances } from '../../../src/numerics/ir-drop/line-resistances.ts';
import { nonlinearCurrents, nonlinearGatedCurrents } from '../../../src/numerics/ir-drop/nonlinear.ts';
import { nonlinearPathCurrents, type PlacedCell } from './path-resistances.ts';

/** Rises without bound: what Newton's method overshoots on without care. */
const exponential: IvCurve = { linear: false, current: (g, v) => (g * Math.sinh(12 * v)) / Math.sinh(12) };
/** Saturates: flat where most cells are, so that steps overshoot. */
const steep: IvCurve = { linear: false, current: (g, v) => (g * Math.tanh(12 * v)) / Math.tanh(12) };
const laws: Readonly<Record<string, IvCurve>> = {
  linear: ivModels.get('linear').curve({} as never),
  cubic: cubic.curve({ type: 'cubic', readVoltage: 0.55 } as never),
  // Measured conductances: from 50 of 225 uS.
  rram: rram.curve({ type: 'rram', readVoltage: 0.2, maxConductance: 225e-6 } as never),
  exponential,
};

const resistance = fc.oneof(fc.constant(0), fc.double({ min: 1e-5, max: 1, noNaN: true }));
const cell = fc.double({ min: 0.23, max: 1, noNaN: true });
const crossbar = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) => {
    const cells = fc
      .array(cell, { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => Float64Array.from(values));
    const vector = (value: fc.Arbitrary<number>) =>
      fc.array(value, { minLength: rows, maxLength: rows }).map((values) => Float64Array.from(values));
    return fc.record({
      ...{ rows: fc.constant(rows), columns: fc.constant(columns), positive: cells, negative: cells },
      inputs: vector(fc.double({ min: -1, max: 1, noNaN: true })),
      gates: vector(fc.constantFrom(0, 1, -1)),
      lines: fc.record<LineResistances>({
        row: resistance,
        column: resistance,
        rowTerminal: resistance,
        columnTerminal: resistance,
      }),
    });
  });

type Crossbar = typeof crossbar extends fc.Arbitrary<infer T> ? T : never;
type InputSourced = Omit<Crossbar, 'gates'>;

describe.each(Object.keys(laws))('cells of law %s', (name) => {
  const iv = laws[name]!;

  test.each([false, true])('input-sourced, interleaved: %s, as all loops solved at once', (pairs) => {
    fc.assert(
      fc.property(crossbar, (one) => expectInputSourced(iv, pairs, one)),
      { numRuns: 40 },
    );
  });

  test.each([false, true])('gated, interleaved: %s, as all loops solved at once', (pairs) => {
    fc.assert(
      fc.property(crossbar, ({ negative, ...one }) => {
        const { rows, columns, positive, gates, lines } = one;
        const both = { positive, ...(pairs ? { negative } : {}) };
        const shape = { ...both, rows, columns, iv };
        const found = nonlinearGatedCurrents(shape, gates, lines, new Float64Array(columns));
        const at = (values: Float64Array, row: number, column: number) => values[row * columns + column]!;
        const circuits = pairs ? [0] : [1, -1];
        const sums = new Float64Array(columns);
        for (let column = 0; column < columns; column++) {
          for (const phase of circuits) {
            const cells = Array.from({ length: rows }, (_, row): PlacedCell[] => {
              const gate = gates[row]!;
              const open = (line: number, g: number) => ({ row, column, line: `${line}`, drive: line, g });
              if (!pairs) return gate * phase > 0 ? [open(1, at(positive, row, column))] : [];
              if (gate === 0) return [];
              const [up, down] = gate > 0 ? [positive, negative] : [negative, positive];
              return [open(1, at(up, row, column)), open(-1, at(down, row, column))];
            }).flat();
            const law = (g: number, v: number) => iv.current(g, v);
            const currents = nonlinearPathCurrents(cells, rows, lines, 'row', law);
            const sum = currents.reduce((total, current) => total + current, 0);
            sums[column] = sums[column]! + (phase === -1 ? -sum : sum);
          }
        }
        sums.forEach((sum, column) => expect(Math.abs(found[column]! - sum)).toBeLessThan(CLOSE));
      }),
      { numRuns: 25 },
    );
  });
});

/** What `nonlinearCurrents` finds against all loops at once. */
function expectInputSourced(iv: IvCurve, pairs: boolean, { negative, ...one }: InputSourced): void {
  const { rows, columns, positive, inputs, lines } = one;
  const both = { positive, ...(pairs ? { negative } : {}) };
  const found = nonlinearCurrents({ ...both, rows, columns, iv }, inputs, lines, new Float64Array(columns));
  const cells = [positive, ...(pairs ? [negative] : [])].flatMap((values, odd) =>
    [...values].map((g, i): PlacedCell => {
      const row = Math.floor(i / columns);
      const drive = odd === 0 ? inputs[row]! : -inputs[row]!;
      return { row, column: i % columns, line: `${row},${odd}`, drive, g };
    }),
  );
  const expected = nonlinearPathCurrents(cells, rows, lines, 'column', (g, v) => iv.current(g, v));
  expectSums(found, cells, expected);
}

/** Cell currents are right to 1e-12 of the largest, at most 1; the test's own differences and sums lose as much. */
const CLOSE = 1e-10;

function expectSums(found: Float64Array, cells: readonly PlacedCell[], currents: readonly number[]): void {
  const sums = new Float64Array(found.length);
  cells.forEach(({ column }, i) => (sums[column] = sums[column]! + currents[i]!));
  sums.forEach((sum, column) => expect(Math.abs(found[column]! - sum)).toBeLessThan(CLOSE));
}

test('resistors give what the effective matrix and the gated ladders give', () => {
  const iv = laws['linear']!;
  const matrixSums = ({ rows, columns, inputs }: Crossbar, through: Float64Array) => {
    const sums = new Float64Array(columns);
    for (let i = 0; i < rows * columns; i++) {
      sums[i % columns] = sums[i % columns]! + through[i]! * inputs[Math.floor(i / columns)]!;
    }
    return sums;
  };
  const same = (a: Float64Array, b: Float64Array) =>
    // Each of up to eight cells of a bit line may be wrong by 1e-12 of the largest.
    a.forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThan(8e-12));
  fc.assert(
    fc.property(crossbar, (one) => {
      const { rows, columns, positive, negative, inputs, gates, lines } = one;
      const out = () => new Float64Array(columns);
      const single = { positive, rows, columns, iv };
      const shape = [rows, columns, lines] as const;
      const through = matrixSums(one, effectiveMatrix(positive, ...shape));
      same(nonlinearCurrents(single, inputs, lines, out()), through);
      const pair = interleavedEffectiveMatrix(positive, negative, ...shape);
      const difference = matrixSums(one, pair.positive).map(
        (sum, i) => sum - matrixSums(one, pair.negative)[i]!,
      );
      same(nonlinearCurrents({ ...single, negative }, inputs, lines, out()), difference);
      const gated = gatedCurrents(positive, rows, columns, gates, lines, out());
      same(nonlinearGatedCurrents(single, gates, lines, out()), gated);
      const gatedPair = gatedPairCurrents(positive, negative, rows, columns, gates, lines, out());
      same(nonlinearGatedCurrents({ ...single, negative }, gates, lines, out()), gatedPair);
    }),
  );
});

test('long and strongly resistive lines converge, and ideal wires sum the laws', () => {
  const [rows, columns] = [40, 30];
  const positive = Float64Array.from(
    { length: rows * columns },
    (_, i) => 0.3 + (0.7 * ((i * 7919) % 101)) / 101,
  );
  const inputs = Float64Array.from({ length: rows }, (_, row) => Math.cos(row));
  const cells = { positive, rows, columns, iv: exponential };
  for (const size of [1e-6, 1e-2, 1, 100]) {
    const lines = { row: size, column: size, rowTerminal: size, columnTerminal: size };
    const out = nonlinearCurrents(cells, inputs, lines, new Float64Array(columns));
    expect(out.every((current) => Number.isFinite(current))).toBe(true);
  }
  const none = { row: 0, column: 0, rowTerminal: 0, columnTerminal: 0 };
  const sums = nonlinearCurrents(cells, inputs, none, new Float64Array(columns));
  sums.forEach((sum, column) => {
    let expected = 0;
    inputs.forEach(
      (input, row) => (expected += exponential.current(positive[row * columns + column]!, input)),
    );
    expect(Math.abs(sum - expected)).toBeLessThan(1e-12);
  });
});

/** Pairs of equal cells, and one that is more by the last digit: what the bit line carries away is lost in rounding. */
test.each([
  { name: 'cubic', iv: laws['cubic']!, inputs: [-0.025410238453234653, 0, 0, 0], more: 4e-17, column: 1e-5 },
  { name: 'steep', iv: steep, inputs: [-1, 0, 0, -1], more: 3.4e-16, column: 1.5267134706694333e-4 },
])('balanced pairs of law $name converge', ({ iv, inputs, more, column }) => {
  const lines = { row: 0, column, rowTerminal: 0, columnTerminal: 0 };
  const positive = Float64Array.of(0.23 + more, 0.23, 0.23, 0.23);
  const negative = new Float64Array(4).fill(0.23);
  const one = { rows: 4, columns: 1, positive, negative, inputs: Float64Array.from(inputs), lines };
  expectInputSourced(iv, true, one);
});

test('laws that fall with the voltage are refused', () => {
  const hump: IvCurve = { linear: false, current: (g, v) => g * (v - 0.8 * v ** 3) };
  const cells = { positive: new Float64Array([1, 0.5]), rows: 1, columns: 2, iv: hump };
  const lines = { row: 0.1, column: 0.1, rowTerminal: 0, columnTerminal: 0 };
  const out = new Float64Array(2);
  const refused = /falls with the voltage/;
  expect(() => nonlinearCurrents(cells, new Float64Array([1]), lines, out)).toThrow(refused);
  expect(() => nonlinearGatedCurrents(cells, new Float64Array([1]), lines, out)).toThrow(refused);
  // Wires without resistance leave every cell its own voltage, driven by less it only rises.
  const none = { row: 0, column: 0, rowTerminal: 0, columnTerminal: 0 };
  expect([...nonlinearCurrents(cells, new Float64Array([1]), none, out)]).toEqual([1 - 0.8, 0.5 * (1 - 0.8)]);
  expect(nonlinearCurrents(cells, new Float64Array([0.3]), lines, out)[0]).toBeGreaterThan(0.2);
});
