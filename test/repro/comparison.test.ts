import { describe, expect, test } from 'vitest';
import { studentT975 } from '../../src/base/statistics.ts';
import { above, atLeast, between, contrast, type Estimate } from '../../src/repro/comparison.ts';
import { largerLoss } from '../../src/repro/analog-accuracy/contrasts.ts';
import { crossing, minus } from '../../src/repro/crossing.ts';
import type { Design } from '../../src/repro/design.ts';
import { verdictOf } from '../../src/repro/question.ts';
import type { Measured, Results } from '../../src/repro/run-points.ts';

function measured(mean: number, spread?: number, chips = 10): Measured {
  return {
    ...{ design: {}, chance: spread !== undefined, images: 400, float: 0.9, digital: 0.9, ranges: [], mean },
    ...{ perChip: Array<number>(spread === undefined ? 1 : chips).fill(mean), spread },
    interval95: spread === undefined ? undefined : (studentT975(chips - 1) * spread) / Math.sqrt(chips),
  };
}

const estimate = (value: number, low: number, high: number): Estimate => ({ value, low, high });

describe('rules', () => {
  test('above 0 needs the whole interval; no difference to speak of contradicts it', () => {
    expect(above(estimate(0.1, 0.05, 0.15))).toBe('yes');
    expect(above(estimate(0.1, -0.01, 0.2))).toBe('open');
    expect(above(estimate(-0.1, -0.2, -0.05))).toBe('no');
    expect(above(estimate(0, -0.005, 0.005))).toBe('no');
  });

  test('limits', () => {
    expect(atLeast(1)(estimate(2, 1, Infinity))).toBe('yes');
    expect(atLeast(1)(estimate(2, 0.9, 3))).toBe('open');
    expect(atLeast(1)(estimate(0.5, 0, 0.9))).toBe('no');
    expect(between(1, 2)(estimate(1.5, 1, 2))).toBe('yes');
    expect(between(1, 2)(estimate(1.5, 0.9, 2))).toBe('open');
    expect(between(1, 2)(estimate(3, 2.1, 4))).toBe('no');
  });
});

describe('contrast', () => {
  const images = (value: number) => 1.959964 * Math.sqrt(Math.max(Math.abs(value), 1 / 400) / 400);

  test('without chance only the images count', () => {
    const { value, low, high } = contrast([
      [1, measured(0.9)],
      [-1, measured(0.8)],
    ]);
    expect(value).toBeCloseTo(0.1, 12);
    expect(high - value).toBeCloseTo(images(0.1), 12);
    expect(value - low).toBeCloseTo(images(0.1), 12);
  });

  const DEVIATES = [-1.5, -1.1, -0.7, -0.4, -0.1, 0.1, 0.4, 0.7, 1.1, 1.5];
  const withChips = (perChip: readonly number[]): Measured => {
    return { ...measured(perChip.reduce((sum, one) => sum + one, 0) / perChip.length, 0), perChip };
  };
  const spreadOf = (values: readonly number[]) => {
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1));
  };

  test("two designs on the same chips: Student's t of their differences, n − 1 degrees", () => {
    const first = DEVIATES.map((z) => 0.9 + 0.03 * z);
    const second = DEVIATES.map((z, chip) => 0.8 + 0.02 * z + 0.01 * DEVIATES[(chip * 3) % 10]!);
    const { value, high } = contrast([
      [1, withChips(first)],
      [-1, withChips(second)],
    ]);
    const spread = spreadOf(first.map((one, chip) => one - second[chip]!));
    const chips = (studentT975(9) * spread) / Math.sqrt(10);
    expect(value).toBeCloseTo(0.1, 12);
    expect(high - value).toBeCloseTo(Math.hypot(chips, images(0.1)), 12);
  });

  test('what a chip does to both designs alike leaves their difference alone', () => {
    const { value, high } = contrast([
      [1, withChips(DEVIATES.map((z) => 0.9 + 0.03 * z))],
      [-1, withChips(DEVIATES.map((z) => 0.8 + 0.03 * z))],
    ]);
    expect(high - value).toBeCloseTo(images(0.1), 9);
  });

  test('one group that errs: its own n − 1 degrees', () => {
    const perChip = DEVIATES.map((z) => 0.8 + 0.03 * z);
    const { value, high } = contrast([
      [1, measured(0.9)],
      [-1, withChips(perChip)],
    ]);
    const chips = (studentT975(9) * spreadOf(perChip)) / Math.sqrt(10);
    expect(high - value).toBeCloseTo(Math.hypot(chips, images(0.1)), 12);
  });
});

describe('the larger of two losses', () => {
  const outcome = (means: Readonly<Record<string, number>>) => {
    const results = {
      subject: { name: 'net', classes: 10 },
      at: (one: Design) => measured(means[String(one['step'])]!),
    } as unknown as Results;
    const change = (before: string, after: string) => ({ before: { step: before }, after: { step: after } });
    return largerLoss(results, 'what', change('a', 'b'), change('c', 'd')).outcome;
  };

  test('is told from the losses', () => {
    expect(outcome({ a: 0.8, b: 0.5, c: 0.88, d: 0.86 })).toBe('yes');
    expect(outcome({ a: 0.88, b: 0.86, c: 0.8, d: 0.5 })).toBe('no');
  });

  test('cannot be told from a change that costs neither anything, however much was lost before it', () => {
    expect(outcome({ a: 0.6, b: 0.6, c: 0.88, d: 0.88 })).toBe('untold');
  });
});

describe('crossing: where a sweep reaches int8 less 5 points', () => {
  const steps = (means: readonly number[], first = 4) =>
    means.map((mean, index) => ({ x: first + index, point: measured(mean) }));

  test('between two steps by a straight line, for good', () => {
    const found = crossing(steps([0.2, 0.86, 0.8, 0.9]));
    expect(found.value).toBeCloseTo(6.5, 12);
    expect(found.low).toBeLessThan(6.5);
    expect(found.high).toBeGreaterThan(6.5);
  });

  test('a falling sweep, such as of resistances', () => {
    const falling = steps([0.1, 0.9, 0.9]).map(({ x, point }) => ({ x: -x, point }));
    expect(crossing(falling).value).toBeCloseTo(-4 - 0.75 / 0.8, 12);
  });

  test('beyond either end nothing but the side is known', () => {
    expect(crossing(steps([0.1, 0.2])).value).toBe(Infinity);
    expect(crossing(steps([0.9, 0.9])).value).toBe(-Infinity);
    expect(minus(estimate(Infinity, 3, Infinity), estimate(Infinity, 2, Infinity))).toEqual({
      ...{ value: 0, low: -Infinity, high: Infinity },
    });
    expect(minus(estimate(Infinity, 8, Infinity), estimate(5, 4, 6))).toEqual({
      ...{ value: Infinity, low: 2, high: Infinity },
    });
  });
});

test('verdicts: half of those that can tell, and at most one in ten against', () => {
  const of = (...outcomes: readonly ('yes' | 'no' | 'open' | 'untold')[]) =>
    verdictOf(
      outcomes.map((outcome) => ({
        ...{ network: 'n', what: '', unit: 'points' as const, value: 0, low: 0, high: 0, outcome },
      })),
    );
  expect(of()).toBe('inconclusive');
  expect(of('untold', 'untold')).toBe('inconclusive');
  expect(of('yes', 'open', 'untold')).toBe('supported');
  expect(of('yes', 'no')).toBe('not supported');
  expect(of('yes', 'yes', 'no')).toBe('inconclusive');
  expect(of('yes', 'open', 'open')).toBe('inconclusive');
  expect(of(...Array<'yes'>(9).fill('yes'), 'no')).toBe('supported');
});
