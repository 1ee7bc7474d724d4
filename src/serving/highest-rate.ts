import { serverOf, type RunJob } from './run-job.ts';
import type { ServingSystem } from './serving-system.ts';

/** Share of the queries that has to be in time (MLPerf Server). */
const IN_TIME = 0.99;
/** To which the rate is found. */
const PRECISION = 0.005;

/**
 * The job of MLPerf's Server scenario at the highest Poisson rate at which 99 % of the queries are answered in time: found by
 * bisection between the rate that the load gives (or what that has to be halved to) and one at which they are not. A rate that
 * nothing bounds, because no deadline is given, is that of the load.
 */
export function atHighestRate(system: ServingSystem, job: RunJob): RunJob {
  if (!system.models.some(({ deadline }) => Number.isFinite(deadline))) return job;
  const withRate = (rate: number): RunJob => ({
    ...job,
    load: { ...job.load, load: { ...job.load.load, rate } },
  });
  const meets = (rate: number) => {
    const server = serverOf(system, withRate(rate));
    while (!server.advance(1e6));
    const { models } = server.result();
    const offered = models.reduce((sum, model) => sum + model.offered, 0);
    const onTime = models.reduce((sum, model) => sum + model.onTime, 0);
    return offered > 0 && onTime >= IN_TIME * offered;
  };
  let low = job.load.load.rate as number;
  for (let halved = 0; halved < 40 && !meets(low); halved++) low /= 2;
  let high = 2 * low;
  for (let doubled = 0; doubled < 40 && meets(high); doubled++) [low, high] = [high, 2 * high];
  while (high / low > 1 + PRECISION) {
    const middle = Math.sqrt(low * high);
    if (meets(middle)) low = middle;
    else high = middle;
  }
  return withRate(low);
}
