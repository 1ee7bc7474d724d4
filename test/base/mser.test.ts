import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mser5 } from '../../src/base/mser.ts';
import { RandomStream } from '../../src/base/random-stream.ts';

/** By the definition: every truncation point, its batches summed anew. */
function naive(series: readonly number[]): number | undefined {
  const means: number[] = [];
  for (let at = 0; at + 5 <= series.length; at += 5)
    means.push(series.slice(at, at + 5).reduce((a, b) => a + b) / 5);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let d = 0; d <= means.length - 5; d++) {
    const kept = means.slice(d);
    const mean = kept.reduce((a, b) => a + b) / kept.length;
    const error = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / kept.length ** 2;
    if (error < least * (1 - 1e-12)) [least, best] = [error, d];
  }
  return best === undefined || best > means.length / 2 ? undefined : 5 * best;
}

/** x_t = mean + φ (x_{t−1} − mean) + normal noise, from some way off: what is expected is off by start · φ^t. */
function ar1(length: number, phi: number, start: number, seed: number): readonly number[] {
  const random = new RandomStream(seed, 0);
  let off = start;
  return Array.from({ length }, () => {
    const now = off;
    off = phi * off + random.normal();
    return 100 + now;
  });
}

describe('MSER-5', () => {
  test('is what every truncation point tried one by one says', () => {
    let rejected = 0;
    fc.assert(
      fc.property(
        fc.record({
          length: fc.integer({ min: 0, max: 400 }),
          start: fc.integer({ min: -100, max: 100 }),
          phi: fc.constantFrom(0, 0.9, 0.99, 1),
          seed: fc.nat(1e6),
        }),
        ({ length, start, phi, seed }) => {
          const series = ar1(length, phi, start, seed);
          const found = mser5(series);
          if (found === undefined) rejected += 1;
          expect(found).toBe(naive(series));
        },
      ),
      { numRuns: 200, seed: 3 },
    );
    expect(rejected).toBeGreaterThan(5);
    expect(rejected).toBeLessThan(195);
  });

  test('removes the transient of an autoregressive series, and little more', () => {
    const [phi, start, length] = [0.95, 50, 4000];
    // Off by less than a tenth of the stationary deviation 1 / √(1 − φ²) after so many.
    const transient = Math.log(0.1 / Math.sqrt(1 - phi ** 2) / start) / Math.log(phi);
    let bias = 0;
    for (let seed = 0; seed < 20; seed++) {
      const series = ar1(length, phi, start, seed);
      const removed = mser5(series)!;
      expect(removed).toBeGreaterThan(transient / 4);
      expect(removed).toBeLessThan(length / 2);
      const kept = series.slice(removed);
      bias += (kept.reduce((a, b) => a + b) / kept.length - 100) / 20;
    }
    // Deviation of the mean of 20 series of 4000: 1 / (1 − φ) / √(20 · 4000), at most half of each removed.
    expect(Math.abs(bias)).toBeLessThan((4 * Math.SQRT2) / (1 - phi) / Math.sqrt(20 * length));
  });

  test('removes nothing of a constant, and all of a step that is early', () => {
    expect(mser5(new Float64Array(100).fill(3))).toBe(0);
    expect(mser5(Array.from({ length: 1000 }, (_, at) => (at < 100 ? 9 : 3) + (at % 5)))).toBe(100);
  });

  test('rejects a point in the last half, and series without five batches', () => {
    expect(mser5(Array.from({ length: 1000 }, (_, at) => (at < 700 ? 9 : 3) + (at % 7)))).toBeUndefined();
    expect(mser5(new Float64Array(24).fill(1))).toBeUndefined();
  });
});
