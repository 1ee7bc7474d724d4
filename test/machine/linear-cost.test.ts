import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handSchedule, loadStage, mvmStage, oneByOne, playInFull, tickChip } from './hand-schedule.ts';
import { chipOf, chips, networkOf, networks, planOf, splits } from './random-networks.ts';

describe('the cost of a play', () => {
  test('is four events an MVM within a tile, three a row of input, two an answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (layers, tasks, inferences) => {
          const capacity = 2 * tasks;
          const stages = [
            loadStage(0, { tasks, capacity }),
            ...Array.from({ length: layers }, (_, layer) =>
              mvmStage(layer + 1, {
                ...{ tasks, capacity, time: 1 + (layer % 3), crossbars: [layer] },
                sources: [oneByOne(layer, tasks)],
              }),
            ),
          ];
          const chip = tickChip(1, { crossbars: layers });
          const { run } = playInFull(handSchedule(stages, layers), chip, inferences, { fastForward: false });
          expect(run.events).toBe(inferences * (tasks * (3 + 4 * layers) + 2));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is at most seven events a task, two a slice on shared converters, whatever network and chip', () => {
    fc.assert(
      fc.property(
        networks,
        chips,
        splits,
        fc.integer({ min: 1, max: 6 }),
        (shape, chip, split, inferences) => {
          const spec = chipOf(chip);
          const schedule = planOf(networkOf(shape), spec, split);
          fc.pre(schedule !== undefined);
          const { run } = playInFull(schedule, spec, inferences, { fastForward: false });
          let most = 2;
          for (const stage of schedule.stages) {
            const slices = stage.kind === 'analog' && chip.sharedBy === 'core' ? stage.inputSlices : 0;
            most += stage.tasks * (7 + 2 * slices);
          }
          expect(run.events).toBeLessThanOrEqual(inferences * (most + schedule.parts.length));
        },
      ),
      { numRuns: 150 },
    );
  });
});
