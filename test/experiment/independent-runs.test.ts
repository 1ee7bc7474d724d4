import { expect, test } from 'vitest';
import { confidence95 } from '../../src/base/statistics.ts';
import { figureOf, independentRuns } from '../../src/experiment/serving/figures-over-runs.ts';

test('runs that share chips are one observation: their mean', () => {
  // Three chips, each in two runs.
  const figure = figureOf([1, 2, 4, 3, 4, 6], 3)!;
  expect(figure.mean).toBeCloseTo(20 / 6, 12);
  expect(figure.interval95).toBeCloseTo(confidence95([2, 3, 5])!, 12);
  // More runs of the same chips do not make it narrower.
  expect(figureOf([2, 3, 5, 2, 3, 5, 2, 3, 5, 2, 3, 5], 3)!.interval95).toBeCloseTo(
    confidence95([2, 3, 5])!,
    12,
  );
  expect(figureOf([1, 2, 3], 1)!.interval95).toBeNull();
  expect(figureOf([1, undefined, 3, 5], 2)!.interval95).toBeCloseTo(confidence95([2, 5])!, 12);
});

test('as many as there are chips for a run each', () => {
  expect(independentRuns(10, 1, 3)).toBe(3);
  expect(independentRuns(2, 1, 3)).toBe(2);
  expect(independentRuns(10, 2, 6)).toBe(3);
  expect(independentRuns(10, 4, 3)).toBe(1);
  expect(independentRuns(10, 4, undefined)).toBe(10);
});
