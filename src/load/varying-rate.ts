import type { RandomStream } from '../base/random-stream.ts';
import type { OpenLoad } from './load.ts';

/** A rate over time, in queries per second, and a bound that it never passes. */
export interface VaryingRate {
  readonly most: number;
  at(time: number): number;
  /** s from which no more queries come; Infinity: never. */
  readonly end: number;
}

/**
 * A Poisson process whose rate varies: of the points of one at the bounding rate each stays with the probability that the rate
 * asks for (thinning; Lewis and Shedler, Naval Research Logistics 26, 1979).
 */
export function thinned({ most, at, end }: VaryingRate, random: RandomStream): OpenLoad {
  const arrival = { time: 0 };
  return {
    kind: 'open',
    next() {
      if (!(most > 0)) return undefined;
      for (;;) {
        arrival.time += random.exponential() / most;
        if (arrival.time >= end) return undefined;
        if (random.uniform() * most < at(arrival.time)) return arrival;
      }
    },
  };
}
