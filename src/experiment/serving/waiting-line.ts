import type { Scenario } from '../../input/scenario.ts';
import { loadModels } from '../../load/index.ts';
import type { LoadChoice } from '../../serving/run-job.ts';

/** Queries of a model that wait at most where neither the scenario nor its load says how many. */
const CAPACITY = 10_000;

/** The line of a scenario: one that gives no capacity has room for all that its load brings at one time. */
export function waitingLine({ line, load }: Pick<Scenario, 'line' | 'load'>): LoadChoice['line'] {
  const atOnce = loadModels.get(load.type).atOnce?.(load as never) ?? 0;
  return { ...line, capacity: line.capacity ?? Math.max(CAPACITY, atOnce) };
}
