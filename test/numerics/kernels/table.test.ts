import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  panelBytesF32,
  patternBytes,
  type SliceDigits,
  TABLE_SCRATCH_BYTES,
} from '../../../src/numerics/kernel-calls.ts';
import { integers, Layout, numbers, readF32, readI32, wasm } from './twins.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const cases = fc.record({
  vectors: fc.integer({ min: 0, max: 5 }),
  rows: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(64, 129, 150)),
  columns: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(33)),
  slices: fc.integer({ min: 1, max: 8 }),
  digits: fc.constantFrom<SliceDigits>('oneBit', 'twoBits', 'signedBit', 'magnitudeBit'),
  pad: fc.integer({ min: 0, max: 3 }),
  bits: fc.integer({ min: 2, max: 20 }),
  noise: fc.constantFrom('none', 'sigma', 'vector', 'output'),
  counters: fc.record({ seed: word, stream: word, row: word, block: word, read: word }),
  seed: fc.integer(),
});

it('gives the sums and codes of the reference, bit for bit, for every size, stride, digit and noise', () => {
  fc.assert(
    fc.property(
      cases,
      ({ vectors, rows, columns, slices, digits, pad, bits, counters, seed, ...example }) => {
        const layout = new Layout();
        const streams = vectors * slices;
        const [inputStride, patternStride] = [rows + pad, patternBytes(rows, digits) + pad];
        const perOutput = example.noise === 'output';
        const varianceStride = perOutput ? columns + pad : 1 + pad;
        const variances = {
          at: layout.f32(numbers(streams * varianceStride, 0, 4, seed + 1)),
          per: perOutput ? ('output' as const) : ('vector' as const),
          stride: varianceStride,
        };
        const noise = { ...counters, sigma: 0.75 };
        const inputs = layout.i16(integers(vectors * inputStride, -32768, 32768, seed + 2));
        const source = layout.f32(numbers(rows * columns, -1, 1, seed + 3));
        const shape = { vectors, rows, columns, slices, digits };
        const call = {
          ...shape,
          ...{ patternStride, patterns: layout.take(streams * patternStride), outputStride: columns + pad },
          panels: layout.take(panelBytesF32(rows, columns)),
          scratch: layout.scratch(TABLE_SCRATCH_BYTES),
        };
        const sums = layout.f32(numbers(streams * (columns + pad), -1, 1, seed + 4));
        const outputs = layout.i32(integers(vectors * (columns + pad), -99, 99, seed + 5));
        const converter = {
          multipliers: layout.i32(integers(slices, -128, 129, seed + 6)),
          gains: layout.f32(numbers(columns, 0.1, 3, seed + 7)),
          offsets: layout.f32(numbers(columns, -2, 2, seed + 8)),
          low: -(2 ** (bits - 1)),
          high: 2 ** (bits - 1) - 1,
          noise:
            example.noise === 'none'
              ? undefined
              : example.noise === 'sigma'
                ? noise
                : { ...noise, variances },
        };
        layout.expectSame((kernels) => {
          kernels.packF32({ source, panels: call.panels, rows, columns });
          kernels.digitPatterns({ ...shape, inputs, inputStride, patterns: call.patterns, patternStride });
          kernels.mvmTable({ ...call, outputs: sums });
          kernels.mvmAdcTable({ ...call, ...converter, outputs });
        });
      },
    ),
    { numRuns: 250 },
  );
});

// Few streams go through tables of groups, many through tables of pairs, more through several blocks of sums.
it.each<[number, number, number, SliceDigits]>([
  [411, 5, 21, 'oneBit'],
  [128, 5, 133, 'oneBit'],
  [127, 5, 133, 'oneBit'],
  [130, 6, 131, 'magnitudeBit'],
  [130, 6, 69, 'signedBit'],
  [210, 4, 67, 'twoBits'],
])(
  '%i vectors of %i slices and %i rows of %s keep to their scratch and to the bits of the reference',
  (...of) => {
    const [vectors, slices, rows, digits] = of;
    const columns = 17;
    const layout = new Layout();
    const shape = { vectors, rows, columns, slices, digits };
    const inputs = layout.i16(
      integers(vectors * rows, digits === 'oneBit' || digits === 'twoBits' ? 0 : -31, 32, 1),
    );
    const patterns = layout.take(vectors * slices * patternBytes(rows, digits));
    const panels = layout.take(panelBytesF32(rows, columns));
    const source = layout.f32(numbers(rows * columns, -1, 1, 2));
    const scratch = layout.scratch(TABLE_SCRATCH_BYTES);
    const outputs = layout.take(vectors * slices * columns * 4);
    layout.expectSame((kernels) => {
      kernels.packF32({ source, panels, rows, columns });
      kernels.digitPatterns({ ...shape, inputs, patterns });
      kernels.mvmTable({ ...shape, patterns, panels, scratch, outputs });
    });
  },
);

const [rows, columns] = [131, 19];

it.each<[SliceDigits, number, number, number[]]>([
  ['oneBit', 0, 256, [1, 2, 4, 8, 16, 32, 64, 128]],
  ['oneBit', -128, 128, [1, 2, 4, 8, 16, 32, 64, -128]],
  ['twoBits', 0, 256, [1, 4, 16, 64]],
  ['signedBit', -127, 128, [1, 2, 4, 8, 16, 32, 64]],
])(
  '%s slices of codes from %i to below %i make the exact product again',
  (digits, low, high, multipliers) => {
    const vectors = 300;
    const layout = new Layout();
    const x = integers(vectors * rows, low, high, 1);
    const w = integers(rows * columns, -127, 128, 2);
    const slices = multipliers.length;
    const patterns = layout.take(vectors * slices * patternBytes(rows, digits));
    const panels = layout.take(panelBytesF32(rows, columns));
    const outputs = layout.i32(new Int32Array(vectors * columns));
    const shape = { vectors, rows, columns, slices, digits, patterns };
    wasm.packF32({ source: layout.f32(w), panels, rows, columns });
    wasm.digitPatterns({ ...shape, inputs: layout.i16(x) });
    wasm.mvmAdcTable({
      ...{ ...shape, panels, outputs, scratch: layout.scratch(TABLE_SCRATCH_BYTES) },
      ...{ multipliers: layout.i32(multipliers), low: -(2 ** 15), high: 2 ** 15 - 1 },
      gains: layout.f32(new Float32Array(columns).fill(1)),
      offsets: layout.f32(new Float32Array(columns)),
    });
    const expected = Array.from({ length: vectors * columns }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < rows; k++)
        sum += x[Math.floor(i / columns) * rows + k]! * w[k * columns + (i % columns)]!;
      return sum;
    });
    expect([...readI32(outputs, expected.length)]).toEqual(expected);
  },
);

it('sums slices of real weights to float32 accuracy', () => {
  const [vectors, slices] = [3, 8];
  const layout = new Layout();
  const x = integers(vectors * rows, 0, 256, 3);
  const g = Float32Array.from(numbers(rows * columns, 0, 1, 4));
  const patterns = layout.take(vectors * slices * patternBytes(rows, 'oneBit'));
  const panels = layout.take(panelBytesF32(rows, columns));
  const outputs = layout.take(vectors * slices * columns * 4);
  const shape = { vectors, rows, columns, slices, digits: 'oneBit' as const, patterns };
  wasm.packF32({ source: layout.f32(g), panels, rows, columns });
  wasm.digitPatterns({ ...shape, inputs: layout.i16(x) });
  wasm.mvmTable({ ...shape, panels, outputs, scratch: layout.scratch(TABLE_SCRATCH_BYTES) });
  readF32(outputs, vectors * slices * columns).forEach((sum, i) => {
    const stream = Math.floor(i / columns);
    let expected = 0;
    for (let k = 0; k < rows; k++) {
      const bit = (x[Math.floor(stream / slices) * rows + k]! >> (stream % slices)) & 1;
      expected += bit * g[k * columns + (i % columns)]!;
    }
    // Additions in a tree of 2, 4 and 8 rows and then one after the other, each at most half a unit off.
    expect(Math.abs(sum - expected)).toBeLessThanOrEqual((3 + rows / 8) * 2 ** -24 * expected);
  });
});

it('gives a vector the same codes wherever it stands in a batch, noise included', () => {
  const [vectors, slices] = [150, 8];
  const layout = new Layout();
  const inputs = layout.i16(integers(vectors * rows, 0, 256, 5));
  const bytes = slices * patternBytes(rows, 'oneBit');
  const patterns = layout.take(vectors * bytes);
  const panels = layout.take(panelBytesF32(rows, columns));
  const shape = { rows, columns, slices, digits: 'oneBit' as const };
  wasm.packF32({ source: layout.f32(numbers(rows * columns, -1, 1, 6)), panels, rows, columns });
  wasm.digitPatterns({ ...shape, vectors, inputs, patterns });
  const call = {
    ...{ ...shape, panels, scratch: layout.scratch(TABLE_SCRATCH_BYTES), low: -128, high: 127 },
    multipliers: layout.i32([1, 2, 4, 8, 16, 32, 64, 128]),
    gains: layout.f32(new Float32Array(columns).fill(4)),
    offsets: layout.f32(new Float32Array(columns)),
  };
  const noise = { seed: 1, stream: 2, block: 3, read: 4, sigma: 0.5 };
  const outputs = layout.i32(new Int32Array(vectors * columns));
  wasm.mvmAdcTable({ ...call, vectors, patterns, outputs, noise: { ...noise, row: 70 } });
  const parts = layout.i32(new Int32Array(vectors * columns));
  for (const [first, count] of [
    [0, 1],
    [1, 6],
    [7, 143],
  ] as const) {
    wasm.mvmAdcTable({
      ...{
        ...call,
        vectors: count,
        patterns: patterns + first * bytes,
        outputs: parts + first * columns * 4,
      },
      noise: { ...noise, row: 70 + first },
    });
  }
  expect(readI32(parts, vectors * columns)).toEqual(readI32(outputs, vectors * columns));
});
