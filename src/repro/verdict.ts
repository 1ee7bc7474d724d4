import type { PointResult } from './study.ts';

/** What measurements say of a statement. */
export type Verdict = 'supported' | 'not supported' | 'inconclusive';

/**
 * Whether one point answers better than another: supported where the 95 % intervals of their means over chips lie
 * apart that way, not supported where they lie apart the other way, inconclusive where they overlap.
 */
export function better(one: PointResult, other: PointResult): Verdict {
  const difference = one.mean - other.mean;
  const room = one.interval + other.interval;
  if (Math.abs(difference) <= room) return 'inconclusive';
  return difference > 0 ? 'supported' : 'not supported';
}

/** Whether a loss is larger than another: the same rule for differences of two points each. */
export function largerLoss(
  [one, from]: readonly [PointResult, PointResult],
  [other, otherFrom]: readonly [PointResult, PointResult],
): Verdict {
  const difference = from.mean - one.mean - (otherFrom.mean - other.mean);
  const room = Math.hypot(one.interval, from.interval, other.interval, otherFrom.interval);
  if (Math.abs(difference) <= room) return 'inconclusive';
  return difference > 0 ? 'supported' : 'not supported';
}

/** Whether a number lies within bounds. */
export function within(value: number, low: number, high: number): Verdict {
  return value >= low && value <= high ? 'supported' : 'not supported';
}

/** Of several verdicts on one statement: supported only if none speaks against it and one for it. */
export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('not supported')) return 'not supported';
  return verdicts.includes('supported') ? 'supported' : 'inconclusive';
}

/** The first of ascending values (bits, resistances) whose point loses at most `allowed` against the int8 network. */
export function firstGoodEnough(
  points: readonly { readonly value: number; readonly result: PointResult }[],
  allowed: number,
): number | undefined {
  return points.find(({ result }) => result.digital - result.mean <= allowed)?.value;
}
