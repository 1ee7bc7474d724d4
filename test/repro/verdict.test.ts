import { expect, test } from 'vitest';
import type { PointResult } from '../../src/repro/study.ts';
import { all, better, firstGoodEnough, largerLoss, within } from '../../src/repro/verdict.ts';

const point = (mean: number, interval = 0.01): PointResult => {
  return { network: 'n', sets: [], images: 100, perChip: [mean], mean, interval, float: 0.9, digital: 0.9 };
};

test('better: only where the intervals lie apart', () => {
  expect(better(point(0.9), point(0.8))).toBe('supported');
  expect(better(point(0.8), point(0.9))).toBe('not supported');
  expect(better(point(0.81), point(0.8))).toBe('inconclusive');
  expect(better(point(0.9, 0.2), point(0.8))).toBe('inconclusive');
});

test('a larger loss is one beyond what the four intervals leave open', () => {
  expect(largerLoss([point(0.5), point(0.9)], [point(0.8), point(0.9)])).toBe('supported');
  expect(largerLoss([point(0.8), point(0.9)], [point(0.5), point(0.9)])).toBe('not supported');
  expect(largerLoss([point(0.79), point(0.9)], [point(0.8), point(0.9)])).toBe('inconclusive');
});

test('several verdicts: one against decides, none for it leaves it open', () => {
  expect(all(['supported', 'inconclusive'])).toBe('supported');
  expect(all(['supported', 'not supported'])).toBe('not supported');
  expect(all(['inconclusive'])).toBe('inconclusive');
  expect(within(2, 1, 3)).toBe('supported');
  expect(within(4, 1, 3)).toBe('not supported');
});

test('the first of ascending values that loses little enough', () => {
  const points = [0.2, 0.89, 0.9].map((mean, value) => ({ value, result: point(mean) }));
  expect(firstGoodEnough(points, 0.02)).toBe(1);
  expect(firstGoodEnough(points.slice(0, 1), 0.02)).toBeUndefined();
});
