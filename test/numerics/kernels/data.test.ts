import fc from 'fast-check';
import { expect, it } from 'vitest';
import { integers, Layout, numbers, readF32, readF64, readI16, wasm } from './twins.ts';

const seed = fc.integer();
const small = (max: number) => fc.integer({ min: 0, max });

it('quantizes a map into a frame as the reference does and leaves the border alone', () => {
  const margin = small(2);
  const map = fc.record({
    channels: small(3),
    height: small(5),
    width: small(20),
    seed,
    limit: fc.boolean(),
  });
  fc.assert(
    fc.property(map, margin, margin, margin, margin, (call, top, left, bottom, right) => {
      const { channels, height, width } = call;
      const layout = new Layout();
      const [frameHeight, frameWidth] = [height + top + bottom, width + left + right];
      const inputs = layout.f32(numbers(channels * height * width, -300, 300, call.seed));
      const frame = layout.i16(integers(channels * frameHeight * frameWidth, -9, 9, call.seed + 1));
      const [low, high] = call.limit ? [-1e6, 1e6] : [-128, 127];
      const shape = { channels, height, width, frameHeight, frameWidth, top, left };
      layout.expectSame((kernels) =>
        kernels.quantizeFrame({ ...shape, inputs, frame, inverseScale: call.limit ? 333.3 : 0.7, low, high }),
      );
    }),
  );
});

it('quantizes half-way values to the even code and not-a-number to the highest', () => {
  const layout = new Layout();
  const values = [0.5, 1.5, 2.5, -0.5, -1.5, 3.5, 200, -200, NaN, Infinity];
  const frame = layout.take(values.length * 2);
  const line = { channels: 1, height: 1, width: values.length, frameHeight: 1, frameWidth: values.length };
  const inputs = layout.f32(values);
  wasm.quantizeFrame({ ...line, top: 0, left: 0, inputs, frame, inverseScale: 1, low: -127, high: 127 });
  expect([...readI16(frame, values.length)]).toEqual([0, 2, 2, 0, -2, 4, 127, -127, 127, 127]);
});

it('gathers windows by position and row offsets, whether positions are neighbours or not', () => {
  const sizes = fc.record({
    positions: small(40),
    rows: small(30),
    pad: small(3),
    line: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(sizes, fc.boolean(), seed, ({ positions, rows, pad, line }, scattered, start) => {
      const layout = new Layout();
      const frame = layout.i16(integers(500, -32768, 32768, start));
      const window = Int32Array.from({ length: positions }, (_, p) => p + 3 * Math.floor(p / line));
      const positionBase = layout.i32(scattered ? integers(positions, 0, 250, start + 1) : window);
      const rowOffset = layout.i32(integers(rows, 0, 250, start + 2));
      const outputStride = rows + pad;
      const outputs = layout.take(positions * outputStride * 2);
      layout.expectSame((kernels) =>
        kernels.gather({ frame, positionBase, rowOffset, outputs, outputStride, positions, rows }),
      );
    }),
    { numRuns: 200 },
  );
});

it('slices, sums and squares codes as the reference does', () => {
  const shifts = fc.record({ shift: small(15), bits: fc.integer({ min: 1, max: 15 }) });
  fc.assert(
    fc.property(small(6), small(40), small(3), shifts, seed, (vectors, rows, pad, slice, start) => {
      const layout = new Layout();
      const inputStride = rows + pad;
      const inputs = layout.i16(integers(vectors * inputStride, -32768, 32768, start));
      const call = { inputs, inputStride, vectors, rows };
      const outputStride = rows + 3 - pad;
      const [i16, f32] = [layout.take(vectors * outputStride * 2), layout.take(vectors * outputStride * 4)];
      const [sums, squares] = [layout.take(vectors * 4), layout.take(vectors * 4)];
      const reals = layout.f32(numbers(rows, -5, 5, start));
      const squared = layout.take(rows * 4);
      layout.expectSame((kernels) => {
        kernels.sliceI16({ ...call, ...slice, outputs: i16, outputStride });
        kernels.sliceF32({ ...call, ...slice, outputs: f32, outputStride });
        kernels.rowSums({ ...call, outputs: sums });
        kernels.rowSquares({ ...call, outputs: squares });
        kernels.squaresF32({ inputs: reals, outputs: squared, count: rows });
      });
    }),
  );
});

it('slices that are shifted back add up to the codes', () => {
  const codes = integers(400, -255, 256, 3);
  for (const bits of [1, 2, 4, 8]) {
    const layout = new Layout();
    const inputs = layout.i16(codes);
    const total = new Int32Array(codes.length);
    const outputs = layout.take(codes.length * 2);
    for (let shift = 0; shift < 8; shift += bits) {
      wasm.sliceI16({ inputs, outputs, vectors: 4, rows: 100, shift, bits });
      readI16(outputs, codes.length).forEach((digit, i) => {
        total[i]! += digit * 2 ** shift;
      });
    }
    expect(total).toEqual(codes);
  }
});

it('combines slices and offsets in float64 as the reference does', () => {
  const factor = fc.oneof(fc.constantFrom(1, -1, 4096, 2 ** 20), fc.double({ min: -3, max: 3, noNaN: true }));
  fc.assert(
    fc.property(
      small(5),
      small(9),
      small(2),
      factor,
      fc.boolean(),
      seed,
      (vectors, columns, pad, by, add, start) => {
        const layout = new Layout();
        const codesStride = columns + pad;
        const outputStride = columns + 2 - pad;
        const codes = layout.i32(integers(vectors * codesStride, -(2 ** 31), 2 ** 31, start));
        const sums = layout.i32(integers(vectors, -(2 ** 31), 2 ** 31, start + 1));
        const outputs = layout.f64(numbers(vectors * outputStride, -1e9, 1e9, start + 2));
        const shape = { vectors, columns, outputs, outputStride, factor: by };
        layout.expectSame((kernels) => {
          kernels.combine({ ...shape, codes, codesStride, accumulate: add });
          kernels.combineSums({ ...shape, sums });
        });
      },
    ),
  );
});

it('combines weight slices exactly, like integers, up to 2^53', () => {
  const layout = new Layout();
  const columns = 50;
  const slices = [0, 8, 16, 20].map((shift, i) => ({
    shift,
    codes: integers(columns, -(2 ** 31), 2 ** 31, i + 1),
  }));
  const outputs = layout.take(columns * 8);
  slices.forEach(({ shift, codes }, i) => {
    const factor = 2 ** shift;
    wasm.combine({ codes: layout.i32(codes), factor, outputs, vectors: 1, columns, accumulate: i > 0 });
  });
  const exact = Array.from({ length: columns }, (_, n) =>
    Number(slices.reduce((sum, { shift, codes }) => sum + (BigInt(codes[n]!) << BigInt(shift)), 0n)),
  );
  expect([...readF64(outputs, columns)]).toEqual(exact);
});

it('clears bytes and none beside them', () => {
  const layout = new Layout();
  const codes = layout.i32([1, 2, 3, 4, 5]);
  layout.expectSame((kernels) => kernels.clear({ outputs: codes + 4, bytes: 12 }));
  expect([...readI16(codes, 10)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 5, 0]);
});

it('scales, adds the bias and scatters into either layout as the reference does', () => {
  fc.assert(
    fc.property(
      ...([small(40), small(9), fc.integer({ min: 1, max: 30 }), small(31), fc.boolean(), seed] as const),
      (vectors, columns, positions, first, channelsFirst, start) => {
        const layout = new Layout();
        const channels = columns + 2;
        const inferences = Math.floor((first + vectors) / positions) + 1;
        const call = {
          ...{
            vectors,
            columns,
            inputStride: columns + 1,
            positions,
            first,
            inferenceStride: channels * positions,
          },
          positionStride: channelsFirst ? 1 : channels,
          columnStride: channelsFirst ? positions : 1,
          ...(start % 2 === 0 ? { factor: 0.37 } : {}),
          scales: layout.f64(numbers(columns, 1e-4, 1e-2, start)),
          biases: layout.f64(numbers(columns, -1, 1, start + 1)),
        };
        const codes = layout.i32(integers(vectors * (columns + 1), -(2 ** 31), 2 ** 31, start + 2));
        const sums = layout.f64(numbers(vectors * (columns + 1), -1e12, 1e12, start + 3));
        const values = inferences * channels * positions;
        const singles = layout.f32(numbers(vectors * (columns + 1), -1e6, 1e6, start + 4));
        const [a, b, c] = [layout.take(values * 4), layout.take(values * 4), layout.take(values * 4)];
        layout.expectSame((kernels) => {
          kernels.dequantizeI32({ ...call, inputs: codes, outputs: a });
          kernels.dequantizeF64({ ...call, inputs: sums, outputs: b });
          kernels.dequantizeF32({ ...call, inputs: singles, outputs: c });
        });
      },
    ),
  );
});

it('puts column n of position p at element n · positions + p of a channels-first map', () => {
  const layout = new Layout();
  const [positions, columns] = [3, 2];
  const outputs = layout.take(2 * positions * columns * 4);
  const inputs = layout.i32([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
  const [scales, biases] = [layout.f64([1, 2]), layout.f64([0, 0.5])];
  const shape = { vectors: 6, columns, positions, first: 0, inferenceStride: positions * columns };
  wasm.dequantizeI32({
    ...shape,
    inputs,
    scales,
    biases,
    outputs,
    positionStride: 1,
    columnStride: positions,
  });
  const expected = [0, 10, 20, 2.5, 22.5, 42.5, 100, 110, 120, 202.5, 222.5, 242.5];
  expect([...readF32(outputs, 12)]).toEqual(expected);
});

it('fills any range of a sequence with the reference normals, bit for bit', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const sequence = fc.record({ seed: word, stream: word, row: word, block: word, read: word });
  const firsts = fc.oneof(small(40), fc.integer({ min: 2 ** 31, max: 2 ** 32 - 200 }));
  fc.assert(
    fc.property(sequence, small(70), firsts, (where, count, first) => {
      const layout = new Layout();
      const outputs = layout.take(count * 4);
      layout.expectSame((kernels) => kernels.fillNormals({ ...where, outputs, count, first }));
    }),
  );
});
