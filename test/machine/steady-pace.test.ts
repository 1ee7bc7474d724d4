import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyInterval } from '../../src/machine/steady-pace.ts';

// A pipeline whose first stage takes `first` ticks and whose last takes `last`, `depth` inferences deep: answers come at the
// pace of the first while inferences enter, and faster once none does.
test('the steady interval does not see the pipeline drain', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1000 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 20 }),
      (pace, draining, depth) => {
        const inferences = 40;
        const lastEntry = (inferences - 1) * pace;
        const completions = Float64Array.from({ length: inferences }, (_, index) => {
          const paced = (index + depth) * pace;
          const late = index + depth - (inferences - 1);
          return late <= 0 ? paced : lastEntry + late * draining;
        });
        expect(steadyInterval(completions, lastEntry, 0)).toBe(pace);
      },
    ),
  );
  expect(steadyInterval(Float64Array.of(700), 0, 0)).toBe(700);
  // Too few to tell: the busiest resource is a bound.
  expect(steadyInterval(Float64Array.of(1000, 1200, 1300, 1400), 300, 90)).toBe(100);
  expect(steadyInterval(Float64Array.of(1000, 1200, 1300, 1400), 300, 250)).toBe(250);
});
