import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import type { Schedule, Stage } from '../../src/mapping/schedule.ts';
import {
  handSchedule,
  loadStage,
  mvmStage,
  oneByOne,
  playInFull,
  type Told,
  tickChip,
} from './hand-schedule.ts';

/**
 * Blocking pipelines against recursions over completion times. C_s(n) = max(C_{s−1}(n), C_s(n−1), C_{s+1}(n−b−1)) + t_s is
 * that of a tandem line whose stage takes an item only when it can put it down: b + 1 places from the stage's own hands to
 * the end of the service behind it. The machine holds a line buffer's place from the fetch of a task until its consumer has
 * fetched it; to hold it until the end of the service, as in the textbook, each buffer gets a second reader without a time
 * of its own, which waits for the service behind and only then lets go.
 */
const times = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 });

describe('a pipeline', () => {
  test('with room enough: Σ + (N − 1) · max', () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (t, tasks, inferences) => {
          const { run } = playInFull(
            plain(
              t,
              tasks,
              t.map(() => 2 * tasks),
            ),
            chip(t.length),
            inferences,
          );
          const total = tasks * inferences;
          expect(run.elapsed).toBe(sum(t) + (total - 1) * Math.max(...t));
          run.completions.forEach((at, index) =>
            expect(at).toBe(sum(t) + ((index + 1) * tasks - 1) * Math.max(...t)),
          );
        },
      ),
      { numRuns: 120 },
    );
  });

  test('with copies: the slowest stage is max t / r once its copies divide the items', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (t, copies, turns) => {
          const tasks = copies * turns;
          const crossbars = Array.from({ length: copies }, (_, copy) => copy);
          const load = loadStage(0, { tasks, capacity: 2 * tasks });
          const mvm = mvmStage(1, {
            tasks,
            capacity: 2 * tasks,
            time: t,
            crossbars,
            sources: [oneByOne(0, tasks)],
          });
          const { run } = playInFull(handSchedule([load, mvm], 1), chip(copies), 3);
          expect([...run.completions]).toEqual([turns * t, 2 * turns * t, 3 * turns * t]);
        },
      ),
    );
  });

  test('that blocks: the textbook recursion, tick for tick', () => {
    fc.assert(
      fc.property(
        times,
        fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 3 }),
        (t, draw, tasks, inferences) => {
          const places = t.map(() => draw.next().value!);
          const { run, told } = playInFull(textbook(t, tasks, places), chip(t.length), inferences);
          const total = tasks * inferences;
          const completion = textbookRecursion(t, places, total);
          t.forEach((_, s) => expect(ends(told, s + 1)).toEqual(completion[s]));
          run.completions.forEach((at, index) =>
            expect(at).toBe(completion.at(-1)![(index + 1) * tasks - 1]),
          );
        },
      ),
      { numRuns: 80 },
    );
  });

  test('of the machine itself: a place is held from fetch to fetch, and one task is fetched ahead', () => {
    fc.assert(
      fc.property(
        times,
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.infiniteStream(fc.integer({ min: 0, max: 120 })),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 9 }),
        (t, drawPlaces, drawBytes, hop, tasks, inferences) => {
          const capacities = t.map(() => drawPlaces.next().value!);
          const loaded = drawPlaces.next().value!;
          const bytes = t.map(() => drawBytes.next().value!);
          const schedule = plain(t, tasks, capacities, { bytes, loaded });
          const { told } = playInFull(schedule, chip(t.length, hop), inferences);
          const completion = machineRecursion({ t, capacities, loaded, bytes, hop, tasks, inferences });
          t.forEach((_, s) => expect(ends(told, s + 1)).toEqual(completion[s]));
        },
      ),
      { numRuns: 80 },
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A tile for the input and one for each stage. */
function chip(stages: number, hop = 0): ArchitectureSpec {
  return tickChip(stages + 1, {}, hop);
}

function ends(told: readonly Told[], stage: number): number[] {
  return told
    .filter((activity) => activity.component === 'adcBank' && activity.stage === stage)
    .map(({ end }) => end)
    .sort((a, b) => a - b);
}

/** A chain of MVM stages, stage s on tile s, where its output stays; inputs of `bytes` each. */
function plain(
  t: readonly number[],
  tasks: number,
  capacities: readonly number[],
  { bytes = t.map(() => 0), loaded = 2 * tasks }: { bytes?: readonly number[]; loaded?: number } = {},
): Schedule {
  const stages: Stage[] = [loadStage(0, { tasks, capacity: loaded, home: 0 })];
  t.forEach((time, s) => {
    const sources = [oneByOne(s, tasks, bytes[s])];
    // The answer leaves once per inference.
    const capacity = s === t.length - 1 ? 2 * tasks : capacities[s]!;
    stages.push(mvmStage(s + 1, { tasks, capacity, home: s + 1, time, crossbars: [s + 1], sources }));
  });
  return handSchedule(stages, t.length);
}

/** The same chain, where a stage's place is let go only when the next stage is done with it: b + 1 places. */
function textbook(t: readonly number[], tasks: number, places: readonly number[]): Schedule {
  const stages: Stage[] = [
    ...plain(
      t,
      tasks,
      places.map((b) => b + 1),
    ).stages,
  ];
  for (let s = 0; s + 1 < t.length; s++) {
    const sources = [oneByOne(s + 2, tasks), oneByOne(s + 1, tasks)];
    const index = stages.length;
    stages.push(mvmStage(index, { tasks, capacity: 2 * tasks, time: 0, crossbars: [s], sources }));
  }
  return handSchedule(stages, t.length);
}

function textbookRecursion(t: readonly number[], b: readonly number[], total: number): number[][] {
  const completion = t.map(() => new Array<number>(total).fill(0));
  const at = (s: number, n: number) => (s < 0 || s >= t.length || n < 0 ? 0 : completion[s]![n]!);
  for (let n = 0; n < total; n++) {
    t.forEach((time, s) => {
      completion[s]![n] = Math.max(at(s - 1, n), at(s, n - 1), at(s + 1, n - b[s]! - 1)) + time;
    });
  }
  return completion;
}

/**
 * I: a task is taken up; F: its bytes are out of the tile before (a byte a tick); D: they are here, over one link; C: done.
 * Taken up when the input is there, the task before computes, and the output has a place.
 */
function machineRecursion(line: {
  t: readonly number[];
  capacities: readonly number[];
  loaded: number;
  bytes: readonly number[];
  hop: number;
  tasks: number;
  inferences: number;
}): number[][] {
  const { t, capacities, bytes, hop } = line;
  const total = line.tasks * line.inferences;
  const table = () => t.map(() => new Array<number>(total).fill(0));
  const [fetched, started, done, linkFree] = [table(), table(), table(), t.map(() => 0)];
  const loads = new Array<number>(total).fill(0);
  const get = (values: readonly number[] | undefined, n: number) =>
    n < 0 || values === undefined ? 0 : values[n]!;
  for (let n = 0; n < total; n++) {
    loads[n] = Math.max(get(loads, n - 1), get(fetched[0], n - line.loaded));
    t.forEach((time, s) => {
      const input = s === 0 ? loads[n]! : done[s - 1]![n]!;
      const last = s === t.length - 1;
      // Of the answer the places of an inference are free when its last task is done.
      const freedBy = Math.floor(n / line.tasks) - 2;
      const room = last
        ? get(done[s], freedBy < 0 ? -1 : (freedBy + 1) * line.tasks - 1)
        : get(fetched[s + 1], n - capacities[s]!);
      const taken = Math.max(input, get(started[s], n - 1), room);
      fetched[s]![n] = taken + bytes[s]!;
      let there = fetched[s]![n]!;
      if (bytes[s]! > 0) {
        // Nobody else uses the links from tile to tile; what comes behind waits for the first one only.
        const head = Math.max(there, linkFree[s]!);
        linkFree[s] = head + bytes[s]!;
        there = head + hop * links(s, s + 1, t.length + 1) + bytes[s]!;
      }
      started[s]![n] = Math.max(there, get(done[s], n - 1));
      done[s]![n] = started[s]![n]! + time;
    });
  }
  return done;
}

/** Links between two tiles of a near-square mesh. */
function links(from: number, to: number, tiles: number): number {
  const width = Math.ceil(Math.sqrt(tiles));
  return (
    Math.abs((from % width) - (to % width)) + Math.abs(Math.floor(from / width) - Math.floor(to / width))
  );
}
