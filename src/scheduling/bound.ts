import { type Demand, mostAccurate, mostRight } from './optimal-plan.ts';
import type { ServedModel } from './served-model.ts';

/** Queries of each model that came in consecutive stretches of time, all as long (s). */
export interface ArrivalCounts {
  readonly length: number;
  /** [stretch][model]. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * A bound on accuracy-goodput (right answers in time, of all queries offered) that no policy can pass, in expectation,
 * unless it looks at answers; even told all arrivals in advance, and free to compute any query on any device. Programming is not
 * charged: where weights are moved it stays a bound, further off.
 *
 * Take the queries of models with deadlines up to D that come in a time W. Those answered in time are computed between the
 * start of W and D after its end; only of the last one a station may still do some work then, w at most. So of each station
 * they take at most T = devices × (W + D + w). With n_mk queries of model m that run with cut k, the right answers are at most
 *   max Σ n_mk accuracy_mk  with  Σ_k n_mk ≤ arrivals_m  and, for each station,  Σ n_mk work_mk ≤ T,
 * a linear program; queries of longer deadlines count as answered by the most accurate cut. This holds for every D, and
 * times W that do not overlap add up. Each stretch, each pair of stretches, each pair of pairs … is one W: taken is the
 * cover of the run by such times with the least sum.
 */
export function accuracyGoodputBound(
  arrivals: ArrivalCounts,
  models: readonly ServedModel[],
  devices: number,
  stations: number,
): number {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const offered = arrivals.counts.reduce((sum, counts) => sum + total(counts), 0);
  if (offered === 0) return 0;
  const deadlines = [...new Set(models.map(({ deadline }) => deadline))].filter(Number.isFinite);
  const best = models.map((model) => model.cuts[mostAccurate(model)]!.accuracy);
  const longestWork = Math.max(...models.flatMap(({ cuts }) => cuts.flatMap(({ work }) => work)));
  const rightIn = (counts: readonly number[], length: number): number => {
    if (total(counts) === 0) return 0;
    const demands = models.map((model, index): Demand => {
      return { model, rate: counts[index]! / length, devices: [0] };
    });
    let least = counts.reduce((sum, count, model) => sum + count * best[model]!, 0);
    for (const deadline of deadlines) {
      const room = (devices * (length + deadline + longestWork)) / length;
      const limit = (_: unknown, model: ServedModel) => (model.deadline <= deadline ? room : Infinity);
      least = Math.min(least, mostRight(demands, stations, limit).rate * length);
    }
    return least;
  };

  let times = arrivals.counts.map((counts) => ({ counts, least: rightIn(counts, arrivals.length) }));
  for (let { length } = arrivals; times.length > 1;) {
    length *= 2;
    const pairs: typeof times = [];
    for (let first = 0; first < times.length; first += 2) {
      const one = times[first]!;
      const other = times[first + 1];
      const counts = one.counts.map((count, model) => count + (other?.counts[model] ?? 0));
      pairs.push({ counts, least: Math.min(one.least + (other?.least ?? 0), rightIn(counts, length)) });
    }
    times = pairs;
  }
  return times[0]!.least / offered;
}
