import type { Part } from '../../base/registry.ts';

/**
 * Chooses which ready task a free digital core takes. A pure function over what it is shown; one file each,
 * one line in `index.ts`.
 */
export interface TaskPolicy extends Part {
  /** Index, below `ready.count`, of the task to take. */
  choose(ready: ReadyTasks): number;
}

/**
 * The tasks that could start now: at most one per stage (tasks of a stage stay in order). Parallel arrays, of
 * which the first `count` entries hold; frozen for the policy.
 */
export interface ReadyTasks {
  readonly count: number;
  /** Stage of the network, in topological order: larger is deeper. */
  readonly stage: Readonly<Int32Array>;
  readonly inference: Readonly<Int32Array>;
  /** Tick at which its inputs were complete. */
  readonly readyAt: Readonly<Float64Array>;
}
