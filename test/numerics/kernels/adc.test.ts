import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panelBytesF32, panelBytesI16, type ReadNoise } from '../../../src/numerics/kernel-calls.ts';
import { integers, Layout, numbers, readI32, wasm } from './twins.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const cases = fc.record({
  vectors: fc.integer({ min: 0, max: 11 }),
  rows: fc.oneof(fc.integer({ min: 0, max: 18 }), fc.constant(64)),
  columns: fc.integer({ min: 0, max: 21 }),
  pad: fc.integer({ min: 0, max: 3 }),
  bits: fc.integer({ min: 1, max: 12 }),
  multiplier: fc.constantFrom(1, -1, 2, 128, -32768, 3),
  noise: fc.constantFrom('none', 'sigma', 'vector', 'output'),
  sigma: fc.float({ min: 0, max: 3, noNaN: true }),
  counters: fc.record({ seed: word, stream: word, row: word, block: word, read: word }),
  seed: fc.integer(),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

describe.each(['float32', 'int16'] as const)('converter fused to the %s product', (kind) => {
  it('gives the codes of the reference, bit for bit, for every size, stride and noise', () => {
    fc.assert(
      fc.property(cases, (example) => {
        const layout = new Layout();
        const { call, source } = operands(layout, kind, example);
        layout.expectSame((kernels) => {
          if (kind === 'float32') kernels.packF32({ source, ...call });
          else kernels.packI16({ source, ...call });
          if (kind === 'float32') kernels.mvmAdcF32(call);
          else kernels.mvmAdcI16(call);
        });
      }),
      { numRuns: 200 },
    );
  });
});

it('rounds half to even, clips at both ends and reads not-a-number as the highest code', () => {
  const currents = [
    0.5,
    1.5,
    2.5,
    -0.5,
    -1.5,
    -2.5,
    7.4,
    7.6,
    100,
    -8.4,
    -8.6,
    -100,
    Infinity,
    -Infinity,
    NaN,
  ];
  const layout = new Layout();
  const [vectors, rows, columns] = [1, 1, currents.length];
  const panels = layout.take(panelBytesF32(rows, columns));
  const outputs = layout.i32(new Int32Array(columns));
  const gains = layout.f32(new Float32Array(columns).fill(1));
  const offsets = layout.f32(new Float32Array(columns));
  const inputs = layout.f32([1]);
  wasm.packF32({ source: layout.f32(currents), panels, rows, columns });
  const shape = { vectors, rows, columns, inputs, panels, outputs };
  wasm.mvmAdcF32({ ...shape, gains, offsets, low: -8, high: 7, multiplier: 1 });
  expect([...readI32(outputs, columns)]).toEqual([0, 2, 2, 0, -2, -2, 7, 7, 7, -8, -8, -8, 7, -8, 7]);
});

it('reads a current as gain · current + offset of its own column, weighted by the multiplier', () => {
  const layout = new Layout();
  const [vectors, rows, columns] = [1, 1, 3];
  const panels = layout.take(panelBytesF32(rows, columns));
  const outputs = layout.i32([1000, 1000, 1000]);
  wasm.packF32({ source: layout.f32([10, 10, 10]), panels, rows, columns });
  wasm.mvmAdcF32({
    ...{
      vectors,
      rows,
      columns,
      inputs: layout.f32([1]),
      panels,
      outputs,
      multiplier: -4,
      low: -127,
      high: 127,
    },
    gains: layout.f32([1, 2, 0.5]),
    offsets: layout.f32([0, 3, -1]),
  });
  expect([...readI32(outputs, columns)]).toEqual([1000 - 40, 1000 - 92, 1000 - 16]);
});

it('is the exact product when the converter has enough bits and the cells are integers', () => {
  const [vectors, rows, columns] = [5, 128, 10];
  const layout = new Layout();
  const x = layout.i16(integers(vectors * rows, 0, 256, 3));
  const source = layout.i16(integers(rows * columns, -127, 128, 4));
  const panels = layout.take(panelBytesI16(rows, columns));
  const [exact, codes] = [layout.take(vectors * columns * 4), layout.i32(new Int32Array(vectors * columns))];
  wasm.packI16({ source, panels, rows, columns });
  const shape = { vectors, rows, columns, inputs: x, panels };
  wasm.mvmI16({ ...shape, outputs: exact });
  const gains = layout.f32(new Float32Array(columns).fill(1));
  const offsets = layout.f32(new Float32Array(columns));
  wasm.mvmAdcI16({
    ...shape,
    outputs: codes,
    gains,
    offsets,
    low: -(2 ** 23),
    high: 2 ** 23 - 1,
    multiplier: 1,
  });
  expect(readI32(codes, vectors * columns)).toEqual(readI32(exact, vectors * columns));
});

describe('read noise', () => {
  const [rows, columns] = [4, 37];
  const noise: ReadNoise = { seed: 7, stream: 8, row: 1001, block: 5, read: 6, sigma: 40 };

  it('is the same however a batch is split into calls', () => {
    const vectors = 23;
    const whole = noisyCodes(vectors, noise, [vectors]);
    for (const parts of [[1, 22], [3, 4, 5, 11], [10, 13], Array(23).fill(1)]) {
      expect(noisyCodes(vectors, noise, parts)).toEqual(whole);
    }
  });

  it('has the mean and the variance asked for, and other samples for another seed, stream, block or read', () => {
    const vectors = 2000;
    const codes = noisyCodes(vectors, noise, [vectors]);
    const count = codes.length;
    const mean = codes.reduce((sum, code) => sum + code, 0) / count;
    const variance = codes.reduce((sum, code) => sum + (code - mean) ** 2, 0) / (count - 1);
    // Rounding to whole codes adds 1/12; 5 standard errors.
    expect(Math.abs(mean)).toBeLessThan((5 * noise.sigma) / Math.sqrt(count));
    expect(Math.abs(variance / (noise.sigma ** 2 + 1 / 12) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    for (const change of [{ seed: 9 }, { stream: 9 }, { block: 9 }, { read: 9 }, { row: 9001 }]) {
      const others = noisyCodes(vectors, { ...noise, ...change }, [vectors]);
      const covariance = codes.reduce((sum, code, i) => sum + code * others[i]!, 0) / count;
      expect(Math.abs(covariance)).toBeLessThan((5 * noise.sigma ** 2) / Math.sqrt(count));
    }
  });

  /** Codes of zero currents under noise, the batch cut into parts. */
  function noisyCodes(vectors: number, at: ReadNoise, parts: readonly number[]): Int32Array {
    const layout = new Layout();
    const inputs = layout.f32(new Float32Array(vectors * rows));
    const panels = layout.take(panelBytesF32(rows, columns));
    const outputs = layout.i32(new Int32Array(vectors * columns));
    wasm.packF32({ source: layout.f32(numbers(rows * columns, -1, 1, 1)), panels, rows, columns });
    const gains = layout.f32(new Float32Array(columns).fill(1));
    const offsets = layout.f32(new Float32Array(columns));
    let first = 0;
    for (const part of parts) {
      wasm.mvmAdcF32({
        ...{ vectors: part, rows, columns, panels, gains, offsets, low: -1000, high: 1000, multiplier: 1 },
        inputs: inputs + first * rows * 4,
        outputs: outputs + first * columns * 4,
        noise: { ...at, row: at.row + first },
      });
      first += part;
    }
    return readI32(outputs, vectors * columns).slice();
  }
});

function operands(layout: Layout, kind: 'float32' | 'int16', example: Case) {
  const { vectors, rows, columns, pad, bits, multiplier, seed, sigma, counters } = example;
  const [inputStride, outputStride] = [rows + pad, columns + pad];
  const x = integers(vectors * inputStride, -128, 256, seed);
  const float = kind === 'float32';
  const w = float ? numbers(rows * columns, -1, 1, seed + 1) : integers(rows * columns, -300, 300, seed + 1);
  const perOutput = example.noise === 'output';
  const varianceStride = perOutput ? columns + pad : 1 + pad;
  const spread = layout.f32(numbers(vectors * varianceStride, 0, 50, seed + 2));
  const per = perOutput ? ('output' as const) : ('vector' as const);
  const variances = { at: spread, per, stride: varianceStride };
  const noise: ReadNoise = { ...counters, sigma };
  const source = float ? layout.f32(w) : layout.i16(w);
  const call = {
    ...{ vectors, rows, columns, inputStride, outputStride, multiplier },
    inputs: float ? layout.f32(x) : layout.i16(x),
    panels: layout.take(float ? panelBytesF32(rows, columns) : panelBytesI16(rows, columns)),
    outputs: layout.i32(integers(vectors * outputStride, -1000, 1000, seed + 3)),
    gains: layout.f32(numbers(columns, 0.001, float ? 0.5 : 0.01, seed + 4)),
    offsets: layout.f32(numbers(columns, -2, 2, seed + 5)),
    low: -(2 ** (bits - 1)),
    high: 2 ** (bits - 1) - 1,
    noise: example.noise === 'none' ? undefined : example.noise === 'sigma' ? noise : { ...noise, variances },
  };
  return { call, source };
}
