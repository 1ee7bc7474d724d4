import { mser5 } from '../base/mser.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { type RunJob, serverOf } from './run-job.ts';
import type { ServingSystem } from './serving-system.ts';

/**
 * Warm-up of a run in s by MSER-5 on the latencies of its answers in the order in which they are given, of all models together: when the
 * first query came that is kept. The run is played for it, without a warm-up. Undefined where they do not settle in its first half. Memory
 * grows with the queries: 16 bytes each.
 */
export function settlingTime(system: ServingSystem, job: RunJob): number | undefined {
  const latencies: number[] = [];
  const arrivals: number[] = [];
  const server = serverOf(system, { ...job, load: { ...job.load, warmUp: 0 } }, ({ arrival, answered }) => {
    latencies.push(answered - arrival);
    arrivals.push(arrival);
  });
  while (!server.advance(1e6));
  const removed = mser5(latencies);
  return removed === undefined ? undefined : removed === 0 ? 0 : arrivals[removed]! / TICKS_PER_SECOND;
}
