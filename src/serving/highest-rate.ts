import type { ServedCut } from '../scheduling/served-model.ts';
import { serverOf, type RunJob } from './run-job.ts';
import type { ServingRun } from './serving-run.ts';
import type { ServingSystem } from './serving-system.ts';

/** Share of the queries that has to be in time (MLPerf Server). */
const IN_TIME = 0.99;
/** To which the rate is found. */
const PRECISION = 0.005;

/**
 * The job of MLPerf's Server scenario at the highest Poisson rate at which 99 % of the queries are answered in time: found by
 * bisection between the rate that the load gives (or what that has to be halved to) and one at which they are not. A rate that
 * nothing bounds, because no deadline is given, is that of the load; so is that of a policy which is late at any rate, for which
 * `meetsServer` says so.
 */
export function atHighestRate(system: ServingSystem, job: RunJob): RunJob {
  if (!system.models.some(({ deadline }) => Number.isFinite(deadline))) return job;
  const withRate = (rate: number): RunJob => ({
    ...job,
    load: { ...job.load, load: { ...job.load.load, rate } },
  });
  const played = (rate: number) => {
    const server = serverOf(system, withRate(rate));
    while (!server.advance(1e6));
    return server.result();
  };
  let low = job.load.load.rate as number;
  for (let run = played(low); !meetsServer(run); run = played(low)) {
    if (run.models.every(({ offered }) => offered === 0)) return job;
    low /= 2;
  }
  let high = 2 * low;
  for (let doubled = 0; doubled < 40 && meetsServer(played(high)); doubled++) [low, high] = [high, 2 * high];
  while (high / low > 1 + PRECISION) {
    const middle = Math.sqrt(low * high);
    if (meetsServer(played(middle))) low = middle;
    else high = middle;
  }
  return withRate(low);
}

/** Whether 99 % of the queries of a run were answered in time; dropped ones were not. */
export function meetsServer({ models }: ServingRun): boolean {
  const offered = models.reduce((sum, model) => sum + model.offered, 0);
  const onTime = models.reduce((sum, model) => sum + model.onTime, 0);
  return offered > 0 && onTime >= IN_TIME * offered;
}

/** Models whose queries are late at any rate, and the fastest cut of each: it takes longer on an idle device than the deadline allows. */
export function alwaysLate(
  models: ServingSystem['models'],
): readonly { readonly model: number; readonly cut: ServedCut }[] {
  return models.flatMap(({ cuts, deadline }, model) => {
    const cut = cuts.reduce((best, one) => (one.latency < best.latency ? one : best));
    return cut.latency > deadline ? [{ model, cut }] : [];
  });
}
