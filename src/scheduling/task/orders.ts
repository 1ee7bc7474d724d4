import type { ReadyTasks, TaskPolicy } from './task-policy.ts';

/** First ready, first served; among equals the deeper stage, which frees buffers. */
export const fifo: TaskPolicy = {
  name: 'fifo',
  summary: 'the task that became ready first',
  choose: (ready) =>
    best(ready, (a, b) => ready.readyAt[a]! - ready.readyAt[b]! || ready.stage[b]! - ready.stage[a]!),
};

/** The oldest inference first, its earliest stage first: shortest latency of each inference under load. */
export const oldestInference: TaskPolicy = {
  name: 'oldest-inference',
  summary: 'the oldest inference first, then its earliest stage',
  choose: (ready) =>
    best(ready, (a, b) => ready.inference[a]! - ready.inference[b]! || ready.stage[a]! - ready.stage[b]!),
};

/** The deepest stage first: empties the pipeline from its end. */
export const deepestStage: TaskPolicy = {
  name: 'deepest-stage',
  summary: 'the stage nearest to the output first',
  choose: (ready) =>
    best(ready, (a, b) => ready.stage[b]! - ready.stage[a]! || ready.inference[a]! - ready.inference[b]!),
};

function best(ready: ReadyTasks, compare: (a: number, b: number) => number): number {
  let chosen = 0;
  for (let index = 1; index < ready.count; index++) {
    if (compare(index, chosen) < 0) chosen = index;
  }
  return chosen;
}
