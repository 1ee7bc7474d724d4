import { describe, expect, test } from 'vitest';
import { confidence95, mean, standardDeviation, studentT975 } from '../../src/base/statistics.ts';

describe('statistics', () => {
  // Abramowitz & Stegun, table 26.10 (two-sided 5 %).
  test.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [10, 2.228],
    [29, 2.045],
    [120, 1.98],
  ])("Student's t with %i degrees of freedom", (degrees, expected) => {
    expect(studentT975(degrees)).toBeCloseTo(expected, 3);
  });

  test('mean and spread of a known sample', () => {
    const sample = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(sample)).toBe(5);
    expect(standardDeviation(sample)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(confidence95(sample)).toBeCloseTo((2.364624 * Math.sqrt(32 / 7)) / Math.sqrt(8), 5);
  });

  test('one value says nothing of its spread', () => {
    expect(confidence95([0.9])).toBeUndefined();
  });
});
