import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eliminationBytes, gatedScratchBytes, panelBytesF32 } from '../../../src/numerics/kernel-calls.ts';
import { gatedCurrents } from '../../../src/numerics/ir-drop/gated.ts';
import { integers, Layout, numbers, readF32, readF64, wasm } from './twins.ts';

const resistance = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true }));

it('gives the effective matrix of the reference, bit for bit, for every size and resistance', () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 19 }),
        columns: fc.integer({ min: 1, max: 14 }),
        row: resistance,
        column: resistance,
        rowTerminal: resistance,
        columnTerminal: resistance,
        wordLinesPerNode: fc.constantFrom(1, 2),
        seed: fc.integer(),
      }),
      ({ columns, seed, ...lines }) => {
        const rows = lines.rows * lines.wordLinesPerNode;
        const layout = new Layout();
        const cells = layout.f64(numbers(rows * columns, 0, 1, seed));
        const scratch = layout.scratch(eliminationBytes(columns));
        layout.expectSame((kernels) => kernels.effectiveMatrix({ ...lines, cells, scratch, rows, columns }));
        expect(readF64(cells, rows * columns).every((value) => value >= 0 && value <= 1)).toBe(true);
      },
    ),
  );
});

it('gives the gated currents of the reference, bit for bit, and those of the float64 circuit', () => {
  fc.assert(
    fc.property(
      fc.record({
        vectors: fc.integer({ min: 0, max: 3 }),
        rows: fc.integer({ min: 1, max: 40 }),
        columns: fc.integer({ min: 1, max: 19 }),
        slices: fc.integer({ min: 1, max: 7 }),
        column: fc.double({ min: 0, max: 0.1, noNaN: true }),
        columnTerminal: fc.double({ min: 0, max: 0.1, noNaN: true }),
        signed: fc.boolean(),
        subtract: fc.boolean(),
        pad: fc.integer({ min: 0, max: 3 }),
        seed: fc.integer(),
      }),
      ({ vectors, rows, columns, slices, signed, subtract, pad, seed, ...wires }) => {
        const layout = new Layout();
        const codes = integers(vectors * (rows + pad), signed ? -127 : 0, 128, seed);
        const cells = numbers(rows * columns, 0, 1, seed + 1);
        const source = layout.f32(cells);
        const panels = layout.take(panelBytesF32(rows, columns));
        const before = numbers(vectors * slices * (columns + pad), -1, 1, seed + 2);
        const outputs = layout.f32(before);
        const scratch = layout.scratch(gatedScratchBytes(rows, slices));
        const call = {
          ...{ vectors, rows, columns, slices, signed, subtract, panels, outputs, scratch, ...wires },
          ...{ inputs: layout.i16(codes), inputStride: rows + pad, outputStride: columns + pad },
        };
        layout.expectSame((kernels) => {
          kernels.packF32({ source, panels, rows, columns });
          kernels.mvmGated(call);
        });
        const lines = { row: 0, rowTerminal: 0, ...wires };
        const exact = new Float64Array(columns);
        const g = Float64Array.from(cells, Math.fround);
        for (let stream = 0; stream < vectors * slices; stream++) {
          const first = Math.floor(stream / slices) * (rows + pad);
          const open = Float64Array.from(codes.slice(first, first + rows), (code) => {
            return Math.sign(code) * ((Math.abs(code) >> (stream % slices)) % 2);
          });
          gatedCurrents(g, rows, columns, open, lines, exact);
          const currents = readF32(outputs + stream * (columns + pad) * 4, columns);
          // Three roundings a row, of numbers up to the sum of all cells.
          currents.forEach((current, column) => {
            const own = Math.fround(before[stream * (columns + pad) + column]!);
            const wanted = subtract ? own - exact[column]! : exact[column]!;
            expect(Math.abs(current - wanted)).toBeLessThanOrEqual(rows * rows * 3 * 2 ** -24);
          });
        }
      },
    ),
  );
});

it('multiplies an input by nothing else than what the table says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 33 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer(),
      (vectors, rows, pad, seed) => {
        const layout = new Layout();
        const inputs = layout.i16(integers(vectors * (rows + pad), -20, 21, seed));
        const table = layout.f32(numbers(41, -1, 1, seed + 1));
        const outputs = layout.f32(numbers(vectors * (rows + pad), -1, 1, seed + 2));
        const shape = { vectors, rows, inputStride: rows + pad, outputStride: rows + pad };
        layout.expectSame((kernels) => kernels.lookupF32({ ...shape, inputs, outputs, table, first: -20 }));
      },
    ),
  );
});

it('converts sums that are there, and adds noise to those that nothing converts, as the products do', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(
      fc.record({
        vectors: fc.integer({ min: 0, max: 6 }),
        columns: fc.integer({ min: 0, max: 21 }),
        slices: fc.integer({ min: 1, max: 8 }),
        noisy: fc.boolean(),
        stepped: fc.boolean(),
        counters: fc.record({ seed: word, stream: word, row: word, block: word, read: word }),
        pad: fc.integer({ min: 0, max: 3 }),
        seed: fc.integer(),
      }),
      ({ vectors, columns, slices, noisy, stepped, counters, pad, seed }) => {
        const layout = new Layout();
        const levels = 16;
        const converters = [0, 1, 2].map((made) => {
          const thresholds = numbers(levels + made, -1.2, 1.2, seed + 10 + made).sort();
          return { thresholds, codes: integers(levels + made + 1, 0, levels, seed + 20 + made) };
        });
        const tables = layout.steps(levels, converters);
        const steps = stepped ? { at: tables, columns: 7, levels } : undefined;
        const streams = vectors * slices;
        const variances = {
          at: layout.f32(numbers(streams * columns, 0, 4, seed)),
          per: 'output' as const,
        };
        const noise = { ...counters, sigma: 0.5, variances };
        const converted = {
          ...{ vectors, columns, slices, outputStride: columns + pad },
          sums: layout.f32(numbers(streams * columns, -90, 90, seed + 1)),
          outputs: layout.i32(integers(vectors * (columns + pad), -99, 99, seed + 2)),
          multipliers: layout.i32(integers(slices, -128, 129, seed + 3)),
          gains: layout.f32(numbers(columns, 0.1, 3, seed + 4)),
          offsets: layout.f32(numbers(columns, -2, 2, seed + 5)),
          ...{ low: -128, high: 127, noise: noisy ? noise : undefined, steps },
          scratch: layout.scratch(slices * 16),
        };
        const sums = layout.f32(numbers(vectors * (columns + pad), -9, 9, seed + 6));
        layout.expectSame((kernels) => {
          kernels.convertSums(converted);
          kernels.addNoiseF32({ ...noise, vectors, columns, outputs: sums, outputStride: columns + pad });
        });
      },
    ),
  );
  expect(wasm.memory.buffer.byteLength).toBeGreaterThan(0);
});
