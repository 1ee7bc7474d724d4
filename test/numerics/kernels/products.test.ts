import fc from 'fast-check';
import { expect, it } from 'vitest';
import { panelBytesF32, panelBytesI16 } from '../../../src/numerics/kernel-calls.ts';
import { integers, Layout, numbers, readF32, readI32, wasm } from './twins.ts';

const sizes = fc.record({
  vectors: fc.integer({ min: 0, max: 13 }),
  rows: fc.oneof(fc.integer({ min: 0, max: 19 }), fc.constantFrom(32, 63, 128)),
  columns: fc.oneof(fc.integer({ min: 0, max: 26 }), fc.constantFrom(1, 8, 32)),
  inputPad: fc.integer({ min: 0, max: 3 }),
  outputPad: fc.integer({ min: 0, max: 3 }),
  weightPad: fc.integer({ min: 0, max: 3 }),
  accumulate: fc.boolean(),
  seed: fc.integer(),
});

it('multiplies float32 as the reference does, bit for bit, for every size and stride', () => {
  fc.assert(
    fc.property(sizes, ({ vectors, rows, columns, inputPad, outputPad, weightPad, accumulate, seed }) => {
      const layout = new Layout();
      const [inputStride, outputStride, sourceStride] = [
        rows + inputPad,
        columns + outputPad,
        columns + weightPad,
      ];
      const inputs = layout.f32(numbers(vectors * inputStride, -2, 2, seed));
      const source = layout.f32(numbers(rows * sourceStride, -1, 1, seed + 1));
      const panels = layout.take(panelBytesF32(rows, columns));
      const outputs = layout.f32(numbers(vectors * outputStride, -9, 9, seed + 2));
      layout.expectSame((kernels) => {
        kernels.packF32({ source, sourceStride, panels, rows, columns });
        kernels.mvmF32({
          vectors,
          rows,
          columns,
          inputs,
          inputStride,
          panels,
          outputs,
          outputStride,
          accumulate,
        });
      });
    }),
    { numRuns: 150 },
  );
});

it('multiplies int16 as the reference does for every size, up to the ends of the range', () => {
  fc.assert(
    fc.property(sizes, ({ vectors, rows, columns, inputPad, outputPad, weightPad, accumulate, seed }) => {
      const layout = new Layout();
      const [inputStride, outputStride, sourceStride] = [
        rows + inputPad,
        columns + outputPad,
        columns + weightPad,
      ];
      const inputs = layout.i16(integers(vectors * inputStride, -32768, 32768, seed));
      const source = layout.i16(integers(rows * sourceStride, -32768, 32768, seed + 1));
      const panels = layout.take(panelBytesI16(rows, columns));
      const outputs = layout.i32(integers(vectors * outputStride, -99, 99, seed + 2));
      layout.expectSame((kernels) => {
        kernels.packI16({ source, sourceStride, panels, rows, columns });
        kernels.mvmI16({
          vectors,
          rows,
          columns,
          inputs,
          inputStride,
          panels,
          outputs,
          outputStride,
          accumulate,
        });
      });
    }),
    { numRuns: 150 },
  );
});

it('multiplies large batches, whose input vectors pass in blocks, like small ones', () => {
  const [vectors, rows, columns] = [307, 150, 9];
  const layout = new Layout();
  const inputs = layout.f32(numbers(vectors * rows, 0, 1, 5));
  const panels = layout.take(panelBytesF32(rows, columns));
  const outputs = layout.take(vectors * columns * 4);
  const single = layout.take(columns * 4);
  wasm.packF32({ source: layout.f32(numbers(rows * columns, -1, 1, 6)), panels, rows, columns });
  wasm.mvmF32({ vectors, rows, columns, inputs, panels, outputs });
  for (let vector = 0; vector < vectors; vector++) {
    wasm.mvmF32({ vectors: 1, rows, columns, inputs: inputs + vector * rows * 4, panels, outputs: single });
    expect(readF32(single, columns)).toEqual(readF32(outputs + vector * columns * 4, columns));
  }
});

it('agrees with the sum of products in float64, and exactly for integers', () => {
  const [vectors, rows, columns] = [6, 300, 11];
  const layout = new Layout();
  const x = integers(vectors * rows, 0, 256, 1);
  const w = integers(rows * columns, -127, 128, 2);
  const panelsF32 = layout.take(panelBytesF32(rows, columns));
  const panelsI16 = layout.take(panelBytesI16(rows, columns));
  const outputsF32 = layout.take(vectors * columns * 4);
  const outputsI32 = layout.take(vectors * columns * 4);
  wasm.packF32({ source: layout.f32(w), panels: panelsF32, rows, columns });
  wasm.packI16({ source: layout.i16(w), panels: panelsI16, rows, columns });
  const shape = { vectors, rows, columns };
  wasm.mvmF32({ ...shape, inputs: layout.f32(x), panels: panelsF32, outputs: outputsF32 });
  wasm.mvmI16({ ...shape, inputs: layout.i16(x), panels: panelsI16, outputs: outputsI32 });
  const expected = Array.from({ length: vectors * columns }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < rows; k++)
      sum += x[Math.floor(i / columns) * rows + k]! * w[k * columns + (i % columns)]!;
    return sum;
  });
  expect([...readI32(outputsI32, expected.length)]).toEqual(expected);
  expect([...readF32(outputsF32, expected.length)]).toEqual(expected);
});
