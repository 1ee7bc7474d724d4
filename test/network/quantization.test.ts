import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activationCode,
  activationGrid,
  quantizeWeights,
  roundHalfEven,
} from '../../src/network/quantization.ts';

const clips = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

describe('rounding', () => {
  test('halves go to the even neighbour, everything else to the nearest', () => {
    const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => roundHalfEven(x) + 0);
    expect(halves).toEqual([-2, -2, 0, 0, 2, 2]);
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
        expect(Math.abs(roundHalfEven(x) - x)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('activation grids', () => {
  test('unsigned codes fill 0 … 2^bits − 1, signed ones are symmetric and have one zero', () => {
    expect(activationGrid(2.55, 8, false)).toMatchObject({ low: 0, high: 255 });
    expect(activationGrid(1.27, 8, true)).toMatchObject({ low: -127, high: 127 });
    expect(activationGrid(1, 16, false).high).toBe(32767);
    expect(activationGrid(1, 16, true).high).toBe(32767);
  });

  test('a value inside comes back within half a step, one outside as the clip', () => {
    fc.assert(
      fc.property(
        clips,
        fc.integer({ min: 2, max: 12 }),
        fc.boolean(),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (clip, bits, signed, at) => {
          const grid = activationGrid(clip, bits, signed);
          const value = at * clip;
          const nearest = Math.min(Math.max(value, signed ? -clip : 0), clip);
          const back = activationCode(grid, value) * grid.scale;
          expect(Math.abs(back - nearest)).toBeLessThanOrEqual(grid.scale * 0.5001);
        },
      ),
    );
  });

  test('an operand that is always zero stays zero; one that is not finite is a fault', () => {
    expect(activationCode(activationGrid(0, 8, false), 0)).toBe(0);
    expect(() => activationGrid(Number.NaN, 8, false)).toThrow('which no grid can hold');
    expect(() => activationGrid(Infinity, 8, true)).toThrow('which no grid can hold');
  });
});

describe('weights', () => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 2, max: 16 }))
    .chain(([columns, rows, bits]) =>
      fc.record({
        columns: fc.constant(columns),
        bits: fc.constant(bits),
        weights: fc.float32Array({
          minLength: rows * columns,
          maxLength: rows * columns,
          min: -8,
          max: 8,
          noNaN: true,
        }),
      }),
    );

  test('codes are symmetric, reach the outermost for the largest weight of each column, and err by half a step', () => {
    fc.assert(
      fc.property(matrices, ({ columns, bits, weights }) => {
        const rows = weights.length / columns;
        const { codes, scales } = quantizeWeights(weights, columns, bits, 'column');
        for (let column = 0; column < columns; column++) {
          const own = weights.subarray(column * rows, (column + 1) * rows);
          const largest = Math.max(...own.map(Math.abs));
          const ownCodes = codes.subarray(column * rows, (column + 1) * rows);
          if (largest > 0) expect(Math.max(...ownCodes.map(Math.abs))).toBe(2 ** (bits - 1) - 1);
          own.forEach((weight, row) => {
            expect(Math.abs(ownCodes[row]! * scales[column]! - weight)).toBeLessThanOrEqual(
              scales[column]! * 0.5001,
            );
          });
        }
      }),
    );
  });

  test('one scale for the layer is that of its largest weight', () => {
    const weights = Float32Array.from([1, -0.5, 0.25, 4]);
    const { codes, scales } = quantizeWeights(weights, 2, 4, 'layer');
    expect([...scales]).toEqual([4 / 7, 4 / 7]);
    expect([...codes]).toEqual([2, -1, 0, 7]);
  });

  test('weights that are not finite are a fault', () => {
    expect(() => quantizeWeights(Float32Array.from([1, Number.NaN]), 1, 8, 'column')).toThrow(
      'weights are not finite',
    );
  });
});
