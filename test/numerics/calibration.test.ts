import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillNormals } from '../../src/base/philox.ts';
import { adcCodes, adcRange, magnitudeCounts, magnitudePercentile } from '../../src/numerics/adc-range.ts';
import { quantizedOperands } from '../../src/numerics/calibration.ts';
import {
  addMagnitudes,
  countMagnitudes,
  emptyMagnitudes,
  largestMagnitude,
  leastSquaresClip,
} from '../../src/numerics/magnitudes.ts';
import { testSpec } from '../specs.ts';
import { signedNetwork } from './sample-networks.ts';

function counted(values: Float32Array) {
  const magnitudes = emptyMagnitudes();
  countMagnitudes(magnitudes, new Int32Array(values.buffer), 0, values.length);
  return magnitudes;
}

describe('magnitudes', () => {
  test('counts of parts add up to those of the whole', () => {
    const values = new Float32Array(1000);
    fillNormals(values, { seed: 1, stream: 2, row: 0, block: 0, read: 0 });
    const parts = counted(values.slice(0, 300));
    addMagnitudes(parts, counted(values.slice(300)));
    expect(parts).toEqual(counted(values));
    expect(largestMagnitude(parts)).toBe(Math.max(...values.map(Math.abs)));
  });

  test.each([15, 127, 255])(
    'the clip of %d levels errs at most a hundredth more than the best one',
    (levels) => {
      const values = new Float32Array(20_000);
      fillNormals(values, { seed: 3, stream: 0, row: 0, block: 0, read: 0 });
      // A heavy tail: cubes of normals.
      const cubes = values.map((x) => Math.abs(x ** 3));
      const largest = Math.max(...cubes);
      const error = (clip: number) => {
        const step = clip / levels;
        let sum = 0;
        for (const x of cubes) sum += (Math.min(Math.round(x / step), levels) * step - x) ** 2;
        return sum;
      };
      let best = Infinity;
      for (let clip = largest; clip > largest / 16; clip *= 0.99) best = Math.min(best, error(clip));
      expect(error(leastSquaresClip(counted(cubes), levels))).toBeLessThan(1.01 * best);
    },
  );

  test('nothing but zeros has a clip of zero; what is not finite is seen', () => {
    expect(leastSquaresClip(counted(new Float32Array(5)), 255)).toBe(0);
    expect(largestMagnitude(counted(Float32Array.from([1, Number.NaN])))).toBeNaN();
    expect(largestMagnitude(counted(Float32Array.from([1, -Infinity])))).toBe(Infinity);
  });
});

describe('converter ranges', () => {
  const withBits = (bits: number) =>
    testSpec({ adcBank: { adc: { type: 'sar', bits, sampleRate: 1e9, energy: 0, area: 0, leakage: 0 } } });

  test('codes are symmetric about zero where sums have a sign', () => {
    expect(adcCodes(withBits(8), true)).toEqual({ low: -127, high: 127 });
    expect(adcCodes(withBits(8), false)).toEqual({ low: 0, high: 255 });
    expect(adcCodes(withBits(2), true)).toEqual({ low: -1, high: 1 });
    expect(() => adcCodes(withBits(1), true)).toThrow('cannot tell the sign');
  });

  test('a step is never finer than a level', () => {
    expect(adcRange({ low: 0, high: 255 }, 100).lsb).toBe(1);
    expect(adcRange({ low: 0, high: 255 }, 510).lsb).toBe(2);
  });

  test('percentiles are those of the sorted numbers, up to the width of a bin', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 50.1, max: 100, noNaN: true }),
        fc.boolean(),
        (values, percent, narrow) => {
          const limited = narrow ? values.map((value) => value % 1000) : values;
          const largest = Math.max(...limited);
          const magnitudes = magnitudeCounts(largest);
          for (const value of limited) {
            const bin = Math.floor(value / magnitudes.width);
            magnitudes.counts[bin] = magnitudes.counts[bin]! + 1;
          }
          const sorted = [...limited].sort((a, b) => a - b);
          const expected = sorted[Math.ceil((sorted.length * percent) / 100) - 1]!;
          const found = magnitudePercentile(magnitudes, percent);
          expect(found - expected).toBeGreaterThanOrEqual(0);
          expect(found - expected).toBeLessThan(magnitudes.width);
        },
      ),
    );
  });
});

test('every MVM input and both sides of a product are quantized, signed where they may be negative', () => {
  const lowered = signedNetwork();
  const operands = quantizedOperands(lowered).map(({ layer, operand, signed }) => {
    const { operator } = lowered.network.layers[layer]!;
    return `${operator} ${lowered.lowerings[layer]!.kind} ${operand} ${signed ? 'signed' : 'unsigned'}`;
  });
  expect(operands).toEqual([
    'matmul mvm 0 signed',
    'matmul mvm 0 signed',
    'matmul mvm 0 signed',
    'matmul product 0 signed',
    'matmul product 1 signed',
    'matmul mvm 0 signed',
    'matmul product 0 unsigned',
    'matmul product 1 signed',
    'matmul mvm 0 signed',
  ]);
});
