import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/serving/latency-histogram.ts';

/** Ticks of every size up to 2^53, powers of two and their neighbours among them. */
const ticks = fc.oneof(
  fc.maxSafeInteger().map(Math.abs),
  fc.integer({ min: 0, max: 5000 }),
  fc
    .record({ power: fc.integer({ min: 0, max: 52 }), off: fc.integer({ min: -1, max: 1 }) })
    .map(({ power, off }) => 2 ** power + off),
);
const many = fc.array(ticks, { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[], bits: number): LatencyHistogram {
  const histogram = new LatencyHistogram(bits);
  for (const value of values) histogram.add(value);
  return histogram;
}

describe('a histogram of latencies', () => {
  test('percentiles are those of the sorted list (nearest rank), above by less than 2^-bits of them', () => {
    fc.assert(
      fc.property(
        many,
        fc.constantFrom(6, 10),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, bits, share) => {
          const histogram = histogramOf(values, bits);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!;
          const found = histogram.percentile(share)!;
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found - exact).toBeLessThanOrEqual(exact * 2 ** -bits);
          expect(found).toBeLessThanOrEqual(sorted.at(-1)!);
          expect(histogram.largest).toBe(sorted.at(-1));
          expect(histogram.count).toBe(values.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('merged ones are one of all values, cleared ones are empty', () => {
    fc.assert(
      fc.property(many, many, fc.double({ min: 0, max: 1, noNaN: true }), (one, other, share) => {
        const merged = histogramOf(one, 10);
        merged.merge(histogramOf(other, 10));
        const all = histogramOf([...one, ...other], 10);
        expect(merged.percentile(share)).toBe(all.percentile(share));
        expect([merged.count, merged.largest]).toEqual([all.count, all.largest]);
        expect(Math.abs(merged.mean! / all.mean! - 1) || 0).toBeLessThan(1e-12);
        merged.clear();
        expect([merged.count, merged.mean, merged.percentile(share)]).toEqual([0, undefined, undefined]);
      }),
    );
  });
});
