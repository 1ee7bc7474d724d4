import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StageProgress } from '../../src/machine/progress.ts';

describe('the progress of a stage', () => {
  test('follows a plain list of completed tasks, in any order within what there is room for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat()),
        (tasks, positionsPerTask, held, random) => {
          const positions = tasks * positionsPerTask - (positionsPerTask - 1);
          const stage = { tasks, positions, positionsPerTask, capacity: held * positions };
          const progress = new StageProgress(stage);
          const total = 4 * tasks;
          const done = new Set<number>();
          const watermark = () => {
            let mark = 0;
            while (done.has(mark)) mark += 1;
            return mark;
          };
          while (done.size < total) {
            const open = Array.from({ length: total }, (_, task) => task).filter(
              (task) => !done.has(task) && task < watermark() + (held + 1) * tasks,
            );
            const task = open[random.next().value! % open.length]!;
            const before = watermark();
            done.add(task);
            expect(progress.complete(task)).toBe(watermark() > before);
            expect(progress.tasksComplete).toBe(watermark());
            for (let inference = 0; inference < 4; inference++) {
              const complete = Math.min(Math.max(watermark() - inference * tasks, 0), tasks);
              const there = Math.min(complete * positionsPerTask, positions);
              for (let needed = 0; needed <= positions; needed++) {
                expect(progress.hasPositions(inference, needed)).toBe(there >= needed);
              }
            }
          }
          expect(progress.inferencesComplete).toBe(4);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('refuses a task that completes twice', () => {
    const progress = new StageProgress({ tasks: 3, positions: 3, positionsPerTask: 1, capacity: 6 });
    progress.complete(1);
    expect(() => progress.complete(1)).toThrow(/twice/);
  });

  test('knows the shorter last task', () => {
    const progress = new StageProgress({ tasks: 3, positions: 8, positionsPerTask: 3, capacity: 16 });
    expect([0, 1, 2, 3, 5].map((task) => progress.positionsOf(task))).toEqual([3, 3, 2, 3, 2]);
  });
});
