import { describe, expect, test } from 'vitest';
import { expected, NO_FORECAST, observed } from '../../src/scheduling/forecast.ts';
import { tailLimit } from '../../src/scheduling/tail-limit.ts';
import { cutOf, modelOf } from './served.ts';

/** Share of M/D/1 customers that wait at most `t` services (Erlang 1909): exact, for t below about 20. */
function waitsAtMost(t: number, rho: number): number {
  let sum = 0;
  for (let k = 0, factorial = 1; k <= t; k++, factorial *= k)
    sum += ((rho * (k - t)) ** k / factorial) * Math.exp(-rho * (k - t));
  return (1 - rho) * sum;
}

function quantileOfWait(p: number, rho: number): number {
  let [low, high] = [0, 20];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (waitsAtMost(middle, rho) < p) low = middle;
    else high = middle;
  }
  return high;
}

describe('the utilisation that a deadline allows', () => {
  test('is safe for the exact 99th percentile of M/D/1, and the nearer the busier', () => {
    let nearest = 0;
    for (const rho of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]) {
      const deadline = 1 + quantileOfWait(0.99, rho);
      const limit = tailLimit(cutOf(1, 1), modelOf([], { deadline }), 0.99, 1, 1);
      expect(limit).toBeLessThanOrEqual(rho);
      expect(limit / rho).toBeGreaterThan(nearest);
      nearest = limit / rho;
    }
    // At four fifths it wastes less than a twentieth.
    expect(nearest).toBeGreaterThan(0.95);
  });

  test('is none where the answer is late on an idle device, all without a deadline', () => {
    expect(tailLimit(cutOf(2, 1), modelOf([], { deadline: 1.9 }), 0.99, 1, 1)).toBe(0);
    expect(tailLimit(cutOf(2, 1), modelOf([]), 0.99, 1, 0.8)).toBe(0.8);
    // Waits are rarer than one in a hundred up to ρ = 0.01.
    expect(tailLimit(cutOf(2, 1), modelOf([], { deadline: 2 }), 0.99, 1, 1)).toBeCloseTo(0.01, 9);
  });
});

test('a forecast: level and trend as in Holt, never below 0', () => {
  const one = observed(NO_FORECAST, 10, 0.5, 0.5);
  expect(expected(one)).toBe(10);
  const two = observed(one, 20, 0.5, 0.5);
  // Level 15, trend .5 × 5; then level .5 × 20 + .5 × 17.5, trend .5 × 3.75 + .5 × 2.5.
  expect(expected(two)).toBe(17.5);
  expect(expected(observed(two, 20, 0.5, 0.5))).toBe(18.75 + 3.125);
  expect(expected(observed(two, 0, 1, 1))).toBe(0);
  // A ramp is foretold exactly.
  const ramp = [3, 5, 7, 9].reduce((forecast, rate) => observed(forecast, rate, 1, 1), NO_FORECAST);
  expect(expected(ramp)).toBe(11);
});
