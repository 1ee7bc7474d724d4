import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import type { ReadyTasks } from '../../src/scheduling/task/task-policy.ts';

const ready = fc
  .array(
    fc.record({
      stage: fc.integer({ min: 0, max: 9 }),
      inference: fc.integer({ min: 0, max: 3 }),
      readyAt: fc.integer({ min: 0, max: 99 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((tasks) => ({ tasks, view: viewOf(tasks) }));

describe('every task policy', () => {
  test.each(taskPolicies.parts.map((policy) => [policy.name, policy] as const))(
    '%s chooses one of the ready tasks, the same for the same view',
    (_, policy) => {
      fc.assert(
        fc.property(ready, ({ tasks, view }) => {
          const chosen = policy.choose(view);
          expect(chosen).toBeGreaterThanOrEqual(0);
          expect(chosen).toBeLessThan(tasks.length);
          expect(policy.choose(viewOf(tasks))).toBe(chosen);
        }),
      );
    },
  );

  test('fifo takes the first ready, oldest-inference the oldest, deepest-stage the deepest', () => {
    fc.assert(
      fc.property(ready, ({ tasks, view }) => {
        const of = (name: string) => tasks[taskPolicies.get(name).choose(view)]!;
        expect(of('fifo').readyAt).toBe(Math.min(...tasks.map((task) => task.readyAt)));
        expect(of('oldest-inference').inference).toBe(Math.min(...tasks.map((task) => task.inference)));
        expect(of('deepest-stage').stage).toBe(Math.max(...tasks.map((task) => task.stage)));
      }),
    );
  });
});

function viewOf(tasks: readonly { stage: number; inference: number; readyAt: number }[]): ReadyTasks {
  return {
    count: tasks.length,
    stage: Int32Array.from(tasks, (task) => task.stage),
    inference: Int32Array.from(tasks, (task) => task.inference),
    readyAt: Float64Array.from(tasks, (task) => task.readyAt),
  };
}
