/** Ticks per second: the machine counts time in whole picoseconds, exact up to 2^53 ps (2.5 hours). */
export const TICKS_PER_SECOND = 1e12;

/** Whole ticks of a duration in s: rounded to the nearest, and at least one when it takes any time at all. */
export function ticks(seconds: number): number {
  return seconds <= 0 ? 0 : Math.max(1, Math.round(seconds * TICKS_PER_SECOND));
}
