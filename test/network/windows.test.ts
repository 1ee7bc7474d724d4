import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMvm, fillFrame, frameLength, gatherPatch, scatterOutputs } from '../../src/network/mvm.ts';
import type { Layer } from '../../src/network/network.ts';
import type { MvmLowering } from '../../src/network/operator.ts';
import { operators } from '../../src/network/operators/index.ts';
import { layerOf, spread } from './operators/examples.ts';

/** Geometry of a two-dimensional window layer, any that fits. */
const geometry = fc
  .record({
    group: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 2 }),
    columns: fc.integer({ min: 1, max: 6 }),
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    pads: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 3 }))),
    bias: fc.boolean(),
  })
  .filter(({ size, kernel, dilations, pads }) =>
    [0, 1].every((i) => size[i]! + pads[i]! + pads[i + 2]! >= (kernel[i]! - 1) * dilations[i]! + 1),
  );
type Geometry = typeof geometry extends fc.Arbitrary<infer G> ? G : never;

function convOf(g: Geometry): Layer {
  const { group, strides, dilations, pads } = g;
  const weights = spread([group * g.columns, g.channels, ...g.kernel]);
  const bias = g.bias ? [spread([group * g.columns], 11)] : [];
  const attributes = { group, strides, dilations, pads };
  return layerOf('conv', { operands: [[1, group * g.channels, ...g.size], weights, ...bias], attributes });
}

/** The textbook sum over channels and kernel taps, zeros outside the map. */
function naiveConv(g: Geometry, layer: Layer, input: Float32Array): number[] {
  const [, outputs, height, width] = layer.outputShape as [number, number, number, number];
  const weights = spread([g.group * g.columns, g.channels, ...g.kernel]).data;
  const bias = g.bias ? spread([outputs], 11).data : undefined;
  const result: number[] = [];
  for (let m = 0; m < outputs; m++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = bias?.[m] ?? 0;
        for (let c = 0; c < g.channels; c++) {
          for (let ky = 0; ky < g.kernel[0]; ky++) {
            for (let kx = 0; kx < g.kernel[1]; kx++) {
              const iy = y * g.strides[0] + ky * g.dilations[0] - g.pads[0]!;
              const ix = x * g.strides[1] + kx * g.dilations[1] - g.pads[1]!;
              if (iy < 0 || ix < 0 || iy >= g.size[0] || ix >= g.size[1]) continue;
              const channel = Math.floor(m / g.columns) * g.channels + c;
              const weight = weights[((m * g.channels + c) * g.kernel[0] + ky) * g.kernel[1] + kx]!;
              sum += weight * input[(channel * g.size[0] + iy) * g.size[1] + ix]!;
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}

/** The same through the hardware's view: frame, gathered vectors, matrix, scattered results. */
function throughLowering(lowering: MvmLowering, input: Float32Array, size: number): number[] {
  const frame = new Float32Array(frameLength(lowering, input.length));
  if (lowering.padding === undefined) frame.set(input);
  else fillFrame(lowering.padding, input, frame);
  const { groups, rows, columns, positions, weights, bias } = lowering;
  const output = new Float64Array(size);
  const patch = new Float64Array(rows);
  for (let group = 0; group < groups; group++) {
    for (let position = 0; position < positions; position++) {
      gatherPatch(lowering, frame, group, position, patch);
      const results = Float64Array.from({ length: columns }, (_, column) => {
        const first = (group * columns + column) * rows;
        return patch.reduce(
          (sum, x, row) => sum + x * weights[first + row]!,
          bias?.[group * columns + column] ?? 0,
        );
      });
      scatterOutputs(lowering, group, position, results, output);
    }
  }
  return Array.from(output);
}

describe('convolution', () => {
  test('equals the textbook sum, in the kernel and through its lowering, for any geometry', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const layer = convOf(g);
        const input = spread(layer.inputShapes[0]!, 3).data;
        const lowering = operators.get('conv').lower(layer) as MvmLowering;
        const expected = naiveConv(g, layer, input);
        const output = new Float32Array(expected.length);
        createMvm(lowering, input.length)(input, output);
        const lowered = throughLowering(lowering, input, expected.length);
        expected.forEach((value, i) => {
          expect(output[i]).toBeCloseTo(value, 5);
          expect(lowered[i]).toBeCloseTo(value, 5);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('requires the last pixel that any window so far covers, for any geometry', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const layer = convOf(g);
        const lowering = operators.get('conv').lower(layer) as MvmLowering;
        checkRequired(g, layer.outputShape[3]!, lowering);
      }),
      { numRuns: 300 },
    );
  });
});

describe('max pooling', () => {
  test('equals the largest element under each window and requires its last pixel, for any geometry', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const attributes = { kernel: g.kernel, strides: g.strides, dilations: g.dilations, pads: g.pads };
        const example = {
          operands: [[1, 2, ...g.size]],
          attributes: { ...attributes, ceilMode: 0, countIncludePad: 0 },
        };
        const layer = layerOf('max-pool', example);
        const operator = operators.get('max-pool');
        checkRequired(g, layer.outputShape[3]!, operator.lower(layer));
        const input = spread([2, ...g.size], 5).data;
        const [, , height, width] = layer.outputShape as [number, number, number, number];
        const output = new Float32Array(2 * height * width);
        operator.evaluate(layer, [input], output);
        for (let channel = 0; channel < 2; channel++) {
          for (let p = 0; p < height * width; p++) {
            const inside = pixelsUnder(g, Math.floor(p / width), p % width);
            const values = inside.map((pixel) => input[channel * g.size[0] * g.size[1] + pixel]!);
            expect(output[channel * height * width + p]).toBe(Math.max(...values));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

function checkRequired(
  g: Geometry,
  width: number,
  lowering: Pick<MvmLowering, 'positions' | 'required' | 'oldest'>,
): void {
  const all = g.size[0] * g.size[1];
  // Row-major corner of the window: a pixel to the left of it in a row above is passed by, unless a later window needs it.
  let first = all;
  for (let position = lowering.positions - 1; position >= 0; position--) {
    const pixels = pixelsUnder(g, Math.floor(position / width), position % width);
    first = Math.min(first, ...pixels);
    const stated = lowering.oldest!(0, position, all);
    expect(stated).toBe(first);
  }
  let latest = 0;
  for (let position = 0; position < lowering.positions; position++) {
    latest = Math.max(latest, ...pixelsUnder(g, Math.floor(position / width), position % width));
    expect(lowering.required(0, position, g.size[0] * g.size[1])).toBe(latest);
  }
}

/** Row-major numbers of the map's pixels under the window of an output pixel. */
function pixelsUnder(g: Geometry, y: number, x: number): number[] {
  const pixels: number[] = [];
  for (let ky = 0; ky < g.kernel[0]; ky++) {
    for (let kx = 0; kx < g.kernel[1]; kx++) {
      const iy = y * g.strides[0] + ky * g.dilations[0] - g.pads[0]!;
      const ix = x * g.strides[1] + kx * g.dilations[1] - g.pads[1]!;
      if (iy >= 0 && ix >= 0 && iy < g.size[0] && ix < g.size[1]) pixels.push(iy * g.size[1] + ix);
    }
  }
  return pixels;
}
