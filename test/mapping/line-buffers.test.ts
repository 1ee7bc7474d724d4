import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Flow } from '../../src/machine/flow.ts';
import { leastCapacities } from '../../src/mapping/line-buffers.ts';
import type { Schedule, Source, Stage } from '../../src/mapping/schedule.ts';
import { handSchedule, loadStage, mvmStage, playInFull, tickChip } from '../machine/hand-schedule.ts';
import { graphs } from '../machine/random-graphs.ts';
import { chipOf, chips, networkOf, networks, planOf, splits } from '../machine/random-networks.ts';

afterEach(() => void vi.restoreAllMocks());

describe('the least capacities', () => {
  test('let every task of random networks run: windows, strides, joins of branches of different depth', () => {
    let tight = 0;
    fc.assert(
      fc.property(
        networks,
        chips,
        splits,
        fc.integer({ min: 1, max: 3 }),
        (shape, chip, split, inferences) => {
          const spec = chipOf(chip);
          const planned = planOf(networkOf(shape), spec, split);
          fc.pre(planned !== undefined);
          const schedule = withCapacities(planned, leastCapacities(planned.stages, planned.output));
          const { occupied } = watchBuffers(schedule);
          // Throws when a task does not run.
          const { run } = playInFull(schedule, spec, inferences, { fastForward: false });
          expect(run.tasks).toBe(inferences * schedule.stages.reduce((sum, { tasks }) => sum + tasks, 0));
          expect(occupied.filter(({ most, stage }) => most > schedule.stages[stage]!.capacity)).toEqual([]);
          if (schedule.stages.some(({ capacity, positions }) => capacity < positions)) tight += 1;
        },
      ),
      { numRuns: 80 },
    );
    // A good part has line buffers of less than a map.
    expect(tight).toBeGreaterThan(30);
  });

  test('and those that are granted are never exceeded either, nor what a tile has', () => {
    let spread = 0;
    fc.assert(
      fc.property(
        networks,
        chips,
        splits,
        fc.integer({ min: 1, max: 3 }),
        (shape, chip, split, inferences) => {
          const spec = chipOf(chip);
          const schedule = planOf(networkOf(shape), spec, split);
          fc.pre(schedule !== undefined);
          const least = leastCapacities(schedule.stages, schedule.output);
          schedule.stages.forEach(({ capacity }, index) =>
            expect(capacity).toBeGreaterThanOrEqual(least[index]!),
          );
          for (const { least: needed, granted, capacity } of schedule.buffers)
            expect(granted).toBeLessThanOrEqual(Math.max(needed, capacity) + 1e-6);
          const { occupied, mostInTile } = watchBuffers(schedule);
          playInFull(schedule, spec, inferences, { fastForward: false });
          expect(occupied.filter(({ most, stage }) => most > schedule.stages[stage]!.capacity)).toEqual([]);
          // Nor is a tile that holds what it must: outputs lie where their homes are, task by task.
          for (const { tile, least: needed, capacity } of schedule.buffers)
            expect(mostInTile.get(tile) ?? 0).toBeLessThanOrEqual(Math.max(needed, capacity) + 1e-6);
          if (schedule.stages.some(({ homes }) => new Set(homes).size > 1)) spread += 1;
        },
      ),
      { numRuns: 80 },
    );
    expect(spread).toBeGreaterThan(10);
  });

  test('room beyond two inferences goes to stages of one position alone', () => {
    let more = 0;
    fc.assert(
      fc.property(networks, chips, splits, (shape, chip, split) => {
        const schedule = planOf(networkOf(shape), chipOf({ ...chip, bufferCapacity: 1 << 20 }), split);
        fc.pre(schedule !== undefined);
        const least = leastCapacities(schedule.stages, schedule.output);
        for (const { index, capacity, positions } of schedule.stages) {
          if (positions === 1) more += capacity > 2 ? 1 : 0;
          else expect(capacity).toBeLessThanOrEqual(Math.max(least[index]!, 2 * positions));
        }
      }),
      { numRuns: 100 },
    );
    expect(more).toBeGreaterThan(10);
  });

  test('of hand-made graphs are enough for a token game in any order of work, and for the machine', () => {
    fc.assert(
      fc.property(graphs({ joins: true, bare: true }), fc.infiniteStream(fc.nat()), (stages, random) => {
        const capacities = leastCapacities(stages, stages.length - 1);
        const pick = (count: number) => random.next().value! % count;
        expect(tokenGame(stages, capacities, 2, pick)).toBe(true);
        const schedule = withCapacities(handSchedule(stages, stages.length - 1), capacities);
        playInFull(schedule, tickChip(stages.length), 2, { fastForward: false });
      }),
      { numRuns: 300 },
    );
  });

  test('of chains are least: with one position less in any one buffer the token game and the machine stop', () => {
    let tried = 0;
    fc.assert(
      fc.property(graphs({ joins: false, bare: true }), (stages) => {
        const least = leastCapacities(stages, stages.length - 1);
        // The answer leaves at once at its end; its buffer holds all of it.
        for (let stage = 0; stage + 1 < stages.length; stage++) {
          const less = stages.map(({ positions }, index) =>
            index === stage ? least[stage]! - 1 : 3 * positions,
          );
          tried += 1;
          expect(tokenGame(stages, less, 1, () => 0)).toBe(false);
          const roomy = stages.map(({ positions }, index) =>
            index === stage ? least[stage]! - 1 : 2 * positions,
          );
          const schedule = withCapacities(handSchedule(stages, stages.length - 1), roomy);
          expect(() => playInFull(schedule, tickChip(stages.length), 1)).toThrow(/tasks ran/);
        }
      }),
      { numRuns: 100 },
    );
    expect(tried).toBeGreaterThan(100);
  });

  test('of a window of k × k that slides over rows of W: (k − 1) · W + k, as a line buffer has', () => {
    for (const [side, kernel] of [
      [6, 3],
      [6, 1],
      [5, 5],
      [9, 2],
    ] as const) {
      const out = side - kernel + 1;
      const base = (position: number) => Math.floor(position / out) * side + (position % out);
      const tasks = out * out;
      const source: Source = {
        stage: 0,
        required: Int32Array.from({ length: tasks }, (_, at) => base(at) + (kernel - 1) * side + kernel),
        released: Int32Array.from({ length: tasks }, (_, at) =>
          at + 1 < tasks ? base(at + 1) : side * side,
        ),
        bytes: new Float64Array(tasks),
      };
      const load = loadStage(0, { tasks: side * side, capacity: 0 });
      const mvm = mvmStage(1, { tasks, capacity: 0, time: 1, crossbars: [0], sources: [source] });
      expect([...leastCapacities([load, mvm], 1)]).toEqual([(kernel - 1) * side + kernel, tasks]);
    }
  });
});

/**
 * Stages that work, in any order, as long as they can: a task needs its inputs and a place for all that it makes, then lets
 * go of inputs. Whether all work gets done.
 */
function tokenGame(
  stages: readonly Stage[],
  capacities: ArrayLike<number>,
  inferences: number,
  pick: (count: number) => number,
): boolean {
  const done = stages.map(() => 0);
  const made = (stage: Stage, tasks: number) =>
    Math.floor(tasks / stage.tasks) * stage.positions +
    Math.min((tasks % stage.tasks) * stage.positionsPerTask, stage.positions);
  const kept = (stage: Stage) => {
    const readers = stages.flatMap((reader) =>
      reader.sources.filter((source) => source.stage === stage.index).map((source) => ({ reader, source })),
    );
    const within = readers.map(({ reader, source }) => {
      const [inference, local] = [
        Math.floor(done[reader.index]! / reader.tasks),
        done[reader.index]! % reader.tasks,
      ];
      return inference * stage.positions + (local === 0 ? 0 : source.released[local - 1]!);
    });
    // What nobody reads leaves at once; the answer is there until the inference is over.
    const answers = Math.floor(done[stage.index]! / stage.tasks) * stage.positions;
    if (stage === stages.at(-1)) return Math.min(answers, ...within);
    return readers.length === 0 ? made(stage, done[stage.index]!) : Math.min(...within);
  };
  const ready = (stage: Stage) => {
    const task = done[stage.index]!;
    if (task >= inferences * stage.tasks) return false;
    const [inference, local] = [Math.floor(task / stage.tasks), task % stage.tasks];
    const fed = stage.sources.every((source) => {
      const producer = stages[source.stage]!;
      return made(producer, done[source.stage]!) >= inference * producer.positions + source.required[local]!;
    });
    return fed && made(stage, task + 1) - kept(stage) <= capacities[stage.index]!;
  };
  for (;;) {
    const open = stages.filter(ready);
    if (open.length === 0) return stages.every((stage) => done[stage.index] === inferences * stage.tasks);
    done[open[pick(open.length)]!.index]! += 1;
  }
}

function withCapacities(schedule: Schedule, capacities: ArrayLike<number>): Schedule {
  return {
    ...schedule,
    stages: schedule.stages.map((stage, index) => ({ ...stage, capacity: capacities[index]! })),
  };
}

/**
 * Follows a play: whenever a task may begin, the positions that its stage has then promised or made and that a reader still
 * has not let go, counted from a plain list of fetched tasks.
 */
function watchBuffers({ stages, output }: Schedule): {
  readonly occupied: { stage: number; most: number }[];
  readonly mostInTile: ReadonlyMap<number, number>;
} {
  vi.restoreAllMocks();
  const occupied = stages.map((_, stage) => ({ stage, most: 0 }));
  const fetched = stages.map(() => new Set<number>());
  const left = stages.map(() => 0);
  const made = stages.map(() => 0);
  const mostInTile = new Map<number, number>();
  const freed = (stage: Stage) => {
    let least = Infinity;
    for (const reader of stages) {
      for (const source of reader.sources) {
        // What another part of the network reads waits in memory.
        if (source.stage !== stage.index || reader.part !== stage.part) continue;
        let task = 0;
        while (fetched[reader.index]!.has(task)) task += 1;
        const local = task % reader.tasks;
        const within = local === 0 ? 0 : source.released[local - 1]!;
        least = Math.min(least, Math.floor(task / reader.tasks) * stage.positions + within);
      }
    }
    // What nobody reads stays until it is written, the answer until it has left.
    return least === Infinity || stage.index === output ? Math.min(least, left[stage.index]!) : least;
  };
  /** Bytes that lie in each tile now, of a part of the network, position by position. */
  const lookAtTiles = (part: number) => {
    const bytes = new Map<number, number>();
    for (const stage of stages) {
      if (stage.part !== part) continue;
      for (let position = freed(stage); position < made[stage.index]!; position++) {
        const tile = stage.homes[Math.floor((position % stage.positions) / stage.positionsPerTask)]!;
        bytes.set(tile, (bytes.get(tile) ?? 0) + stage.outputBytesPerPosition);
      }
    }
    for (const [tile, now] of bytes) mostInTile.set(tile, Math.max(mostInTile.get(tile) ?? 0, now));
  };
  const { missingRoom, fetched: fetch, discard } = Flow.prototype;
  vi.spyOn(Flow.prototype, 'missingRoom').mockImplementation(function (this: Flow, stage, task) {
    const missing = missingRoom.call(this, stage, task);
    if (missing < 0) {
      const [inference, local] = [Math.floor(task / stage.tasks), task % stage.tasks];
      made[stage.index] =
        inference * stage.positions + Math.min((local + 1) * stage.positionsPerTask, stage.positions);
      const here = occupied[stage.index]!;
      here.most = Math.max(here.most, made[stage.index]! - freed(stage));
      lookAtTiles(stage.part);
    }
    return missing;
  });
  vi.spyOn(Flow.prototype, 'fetched').mockImplementation(function (this: Flow, stage, task, tell) {
    fetched[stage.index]!.add(task);
    fetch.call(this, stage, task, tell);
  });
  vi.spyOn(Flow.prototype, 'discard').mockImplementation(function (this: Flow, stage, positions) {
    left[stage.index] = Math.max(left[stage.index]!, positions);
    discard.call(this, stage, positions);
  });
  return { occupied, mostInTile };
}
