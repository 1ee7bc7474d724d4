import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSteady, steadyInterval, steadyLength } from '../../src/machine/steady-pace.ts';

// A pipeline whose first stage takes `first` ticks and whose last takes `last`, `depth` inferences deep: answers come at the
// pace of the first while inferences enter, and faster once none does.
test('the steady interval does not see the pipeline drain', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1000 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 15 }),
      (pace, draining, depth) => {
        const inferences = 40;
        const entries = Float64Array.from({ length: inferences }, (_, index) => index * pace);
        const lastEntry = entries.at(-1)!;
        const completions = Float64Array.from({ length: inferences }, (_, index) => {
          const paced = (index + depth) * pace;
          const late = index + depth - (inferences - 1);
          return late <= 0 ? paced : lastEntry + late * draining;
        });
        expect(steadyInterval({ entries, completions }, 0)).toBe(pace);
        // The busiest resource is a bound, whatever was seen.
        expect(steadyInterval({ entries, completions }, 2 * pace)).toBe(2 * pace);
      },
    ),
  );
  const few = {
    entries: Float64Array.of(0, 100, 200, 300),
    completions: Float64Array.of(1000, 1200, 1300, 1400),
  };
  expect(steadyInterval({ entries: Float64Array.of(0), completions: Float64Array.of(700) }, 0)).toBe(700);
  // Too few to tell.
  expect(steadyInterval(few, 90)).toBe(100);
  expect(isSteady(few)).toBe(false);
});

// As many inferences as are in flight are answered together, and as many enter in their place: the mean over a half of the answers
// is off by an eighth of a burst at most, which four bursts and more from middle to middle make two hundredths of a burst.
test('nor bursts, in a stream as long as a short one says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 39 }),
      (burst, pace, phase) => {
        const stream = (inferences: number) => {
          const round = (index: number) => Math.floor((index + (phase % burst)) / burst);
          const of = (delay: number) =>
            Float64Array.from({ length: inferences }, (_, index) => (round(index) + delay) * burst * pace);
          return { entries: of(0), completions: of(1) };
        };
        const length = steadyLength(stream(2 * burst));
        const long = stream(length);
        expect(length).toBeGreaterThanOrEqual(12);
        expect(isSteady(long)).toBe(true);
        expect(Math.abs(steadyInterval(long, 0) / pace - 1)).toBeLessThan(0.02);
      },
    ),
  );
});
