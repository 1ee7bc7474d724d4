import { type Demand, mostRight } from './optimal-plan.ts';
import type { ServedModel } from './served-model.ts';

/** Queries of each model that came in consecutive stretches of time, all as long (s). */
export interface ArrivalCounts {
  readonly length: number;
  /** [stretch][model]. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * A bound on accuracy-goodput (right answers in time, of all queries offered) that no policy can pass which does not look at
 * the answers, in expectation: queries that come in a time W have to be computed within W and their deadline D, so of each
 * station they can take W + D at the most; the best mix under that alone is a linear program, and the sum over all times W is a
 * bound. Every length is one; the least holds. Told all arrivals in advance, and free to compute any query on any device.
 */
export function accuracyGoodputBound(
  arrivals: ArrivalCounts,
  models: readonly ServedModel[],
  devices: number,
  stations: number,
): number {
  const offered = arrivals.counts.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0), 0);
  if (offered === 0) return 0;
  const deadline = Math.max(...models.map((model) => model.deadline));
  const anywhere = Array.from({ length: devices }, (_, device) => device);
  let least = models.reduce((best, { cuts }) => Math.max(best, ...cuts.map(({ accuracy }) => accuracy)), 0);
  for (let merged = 1; merged <= arrivals.counts.length; merged *= 2) {
    const length = merged * arrivals.length;
    let right = 0;
    for (let first = 0; first < arrivals.counts.length; first += merged) {
      const demands = models.map((model, index): Demand => {
        let count = 0;
        for (const counts of arrivals.counts.slice(first, first + merged)) count += counts[index]!;
        return { model, rate: count / length, devices: anywhere };
      });
      const room = (length + deadline) / length;
      right += mostRight(demands, stations, () => room).rate * length;
    }
    least = Math.min(least, right / offered);
  }
  return least;
}
