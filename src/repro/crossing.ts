import type { Estimate } from './comparison.ts';
import type { Measured } from './run-points.ts';

/** One step of a sweep: the swept number, and what was measured there. */
export interface Step {
  readonly x: number;
  readonly point: Measured;
}

/** Loss against the int8 network at which sweeps are read off. */
export const ALLOWED_LOSS = 0.05;

/**
 * Where a sweep reaches an accuracy of int8 less 5 points for good, between its steps by a straight line. Steps go from
 * worst to best; infinite where the last still falls short, minus infinite (in the direction of the sweep) where all
 * reach it. The interval is that of the accuracy's own, over chips and images (see `contrast`).
 */
export function crossing(steps: readonly Step[]): Estimate {
  const { digital, images } = steps[0]!.point;
  const target = digital - ALLOWED_LOSS;
  const sampling = 1.959964 * Math.sqrt(ALLOWED_LOSS / images);
  const at = (sign: number) =>
    reached(
      steps.map(({ x, point }) => ({
        x,
        y: point.mean + sign * Math.hypot(point.interval95 ?? 0, sampling),
      })),
      target,
    );
  const [easier, value, harder] = [at(1), at(0), at(-1)];
  return { value, low: Math.min(easier, harder), high: Math.max(easier, harder) };
}

function reached(steps: readonly { readonly x: number; readonly y: number }[], target: number): number {
  const direction = Math.sign(steps.at(-1)!.x - steps[0]!.x);
  let first = steps.length;
  while (first > 0 && steps[first - 1]!.y >= target) first -= 1;
  if (first === steps.length) return direction * Infinity;
  if (first === 0) return -direction * Infinity;
  const [before, after] = [steps[first - 1]!, steps[first]!];
  return before.x + ((target - before.y) / (after.y - before.y)) * (after.x - before.x);
}

/** a − b of two estimates, by the limits of both; where both lie beyond the sweep, nothing is known. */
export function minus(a: Estimate, b: Estimate): Estimate {
  const of = (x: number, y: number, unknown: number) => {
    const difference = x - y;
    return Number.isNaN(difference) ? unknown : difference;
  };
  return {
    value: of(a.value, b.value, 0),
    low: of(a.low, b.high, -Infinity),
    high: of(a.high, b.low, Infinity),
  };
}
