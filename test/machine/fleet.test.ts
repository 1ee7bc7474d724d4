import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import type { TaskPolicy } from '../../src/scheduling/task/task-policy.ts';
import { testSpec } from '../specs.ts';
import { type Arrival, cutsSideBySide, type Flight, fly } from './fleets.ts';
import {
  handSchedule,
  loadStage,
  mvmStage,
  oneByOne,
  playInFull,
  tickChip,
  type Told,
} from './hand-schedule.ts';
import { chipOf, chips, networkOf, networks, planOf, policyNames, splits } from './random-networks.ts';

const alone = fc.record({ network: networks, chip: chips, split: splits, policy: policyNames });
const together = fc.record({
  networks: fc.array(networks, { minLength: 1, maxLength: 2 }),
  cuts: fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 }),
  chip: chips,
  policy: policyNames,
  /** Of every inference: its schedule, and how long it comes after the one before, in parts of a latency. */
  comes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 0, 0.1, 0.3, 1, 3)), { minLength: 2, maxLength: 8 }),
});

// Weights that a core reads anew make the second inference unlike the first; crossbars that are programmed in turns are
// not served.
const whole = { batch: 0, weights: 1 << 20 } as const;

interface Traffic {
  readonly spec: ArchitectureSpec;
  readonly schedules: readonly Schedule[];
  readonly arrivals: readonly Arrival[];
  readonly taskPolicy: TaskPolicy;
}

function trafficOf(
  { networks: shapes, cuts, chip, policy, comes }: typeof together extends fc.Arbitrary<infer T> ? T : never,
  changes: Partial<typeof chip> = { batch: 0 },
): Traffic | undefined {
  const spec = chipOf({ ...chip, ...changes });
  const schedules = cutsSideBySide(shapes.map(networkOf), cuts, spec);
  if (schedules === undefined) return undefined;
  const latency = fly(schedules, spec, [{ schedule: 0, tick: 0 }]).answers[0]!.tick;
  let tick = 0;
  const arrivals = comes.map(([number, gap]) => {
    tick += Math.round(gap * latency);
    return { schedule: number % schedules.length, tick };
  });
  return { spec, schedules, arrivals, taskPolicy: taskPolicies.get(policy) };
}

describe('one schedule', () => {
  test('whose inferences all come at tick 0: what the machine plays, activity by activity', () => {
    let played = 0;
    fc.assert(
      fc.property(alone, fc.integer({ min: 1, max: 4 }), ({ network, chip, split, policy }, inferences) => {
        const spec = chipOf({ ...chip, batch: 0 });
        const schedule = planOf(networkOf(network), spec, split);
        fc.pre(schedule !== undefined);
        const taskPolicy = taskPolicies.get(policy);
        const { run, told } = playInFull(schedule, spec, inferences, { taskPolicy, fastForward: false });
        const arrivals = Array.from({ length: inferences }, () => ({ schedule: 0, tick: 0 }));
        const flight = fly([schedule], spec, arrivals, { taskPolicy });
        expect(flight.answers.map(({ tick }) => tick)).toEqual([...run.completions]);
        expect(JSON.stringify(flight.told)).toBe(JSON.stringify(told));
        played += 1;
      }),
      { numRuns: 30, seed: 41 },
    );
    expect(played).toBeGreaterThan(20);
  });

  test('whose inferences come one after the other: each takes as long as on an idle chip', () => {
    fc.assert(
      fc.property(alone, ({ network, chip, split, policy }) => {
        const spec = chipOf({ ...chip, ...whole });
        const schedule = planOf(networkOf(network), spec, split);
        fc.pre(schedule !== undefined);
        const taskPolicy = taskPolicies.get(policy);
        const { run } = playInFull(schedule, spec, 1, { taskPolicy });
        // Cores that move in lock step start at whole cycles.
        const step = Math.max(1, chip.cycle);
        const apart = Math.ceil(run.elapsed / step) * step;
        const arrivals = Array.from({ length: 4 }, (_, number) => ({ schedule: 0, tick: number * apart }));
        const { answers } = fly([schedule], spec, arrivals, { taskPolicy });
        expect(answers.map(({ tick }, number) => tick - number * apart)).toEqual(
          arrivals.map(() => run.completions[0]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('whose inferences come at the pace of its slowest layer: answers at that pace, none later than the one before', () => {
    const times = [3, 11, 7];
    const stages = [loadStage(0, { tasks: 4, capacity: 4 })];
    const schedule = handSchedule(
      [
        ...stages,
        ...times.map((time, at) =>
          mvmStage(at + 1, { tasks: 4, capacity: 4, time, crossbars: [at], sources: [oneByOne(at, 4)] }),
        ),
      ],
      3,
    );
    const spec = tickChip(1, { crossbars: 3 });
    const latency = fly([schedule], spec, [{ schedule: 0, tick: 0 }]).answers[0]!.tick;
    const arrivals = Array.from({ length: 40 }, (_, number) => ({ schedule: 0, tick: number * 4 * 11 }));
    const { answers } = fly([schedule], spec, arrivals);
    expect(answers.map(({ tick }) => tick)).toEqual(arrivals.map(({ tick }) => tick + latency));
    // A tick faster, and each waits for more of those before.
    const faster = fly(
      [schedule],
      spec,
      arrivals.map(({ tick }, number) => ({ schedule: 0, tick: tick - number })),
    );
    expect(faster.answers.map(({ tick }) => tick)).toEqual(arrivals.map(({ tick }) => tick + latency));
  });
});

describe('cuts and networks on one chip', () => {
  test('no port, link, crossbar or core does two things at a time, and every task is done once', () => {
    let shared = 0;
    fc.assert(
      fc.property(together, (drawn) => {
        const traffic = trafficOf(drawn);
        fc.pre(traffic !== undefined);
        const { spec, schedules, arrivals, taskPolicy } = traffic;
        const { answers, told } = fly(schedules, spec, arrivals, { taskPolicy });
        const stages = schedules.flatMap((schedule, number) =>
          schedule.stages.map((stage) => ({ stage, number })),
        );
        const holds = new Map<string, (readonly [start: number, end: number, stage: number])[]>();
        const mvms = new Map<number, number>();
        for (const activity of told) {
          const { component, action, stage } = activity;
          if (component === 'crossbar' && action === 'read') mvms.set(stage, (mvms.get(stage) ?? 0) + 1);
          for (const resource of resourcesOf(activity, stages[stage]!.stage))
            holds.set(resource, [...(holds.get(resource) ?? []), [activity.start, activity.end, stage]]);
        }
        for (const [resource, intervals] of holds) {
          intervals.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          const overlap = intervals.findIndex(([start], at) => at > 0 && start < intervals[at - 1]![1]);
          expect(overlap, `${resource} ${intervals[overlap - 1]} and ${intervals[overlap]}`).toBe(-1);
          if (resource.startsWith('crossbar') && new Set(intervals.map(([, , stage]) => stage)).size > 1)
            shared += 1;
        }

        const came = schedules.map(
          (_, number) => arrivals.filter(({ schedule }) => schedule === number).length,
        );
        stages.forEach(({ stage, number }, index) => {
          if (stage.kind === 'analog') expect(mvms.get(index) ?? 0).toBe(came[number]! * stage.tasks);
        });
        came.forEach((count, number) => {
          const own = answers.filter(({ schedule }) => schedule === number);
          expect(own.map(({ inference }) => inference)).toEqual(Array.from({ length: count }, (_, n) => n));
        });
        const ticks = answers.map(({ tick }) => tick);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
      }),
      { numRuns: 20, seed: 7 },
    );
    expect(shared).toBeGreaterThan(20);
  });

  test('when answers are asked for changes nothing, and again gives the same', () => {
    fc.assert(
      fc.property(together, (drawn) => {
        const traffic = trafficOf(drawn);
        fc.pre(traffic !== undefined);
        const { spec, schedules, arrivals, taskPolicy } = traffic;
        const asked = fly(schedules, spec, arrivals, { taskPolicy });
        for (const asking of ['as they come', 'often', 'at the end'] as const) {
          const other = fly(schedules, spec, arrivals, { taskPolicy, asking });
          expect(other.answers, asking).toEqual(asked.answers);
          expect(JSON.stringify(other.told), asking).toBe(JSON.stringify(asked.told));
        }
      }),
      { numRuns: 20 },
    );
  });

  test('not even when inferences come at the very ticks at which something ends', () => {
    const stages = (bytes: number, time: number) =>
      handSchedule(
        [
          loadStage(0, { tasks: 3, capacity: 3, outputBytes: bytes }),
          mvmStage(1, {
            ...{ tasks: 3, capacity: 3, time, crossbars: [bytes], outputBytes: 1 },
            sources: [oneByOne(0, 3, bytes)],
          }),
        ],
        1,
        3,
      );
    const spec = tickChip(1, { crossbars: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1), fc.integer({ min: 0, max: 6 })), { minLength: 2, maxLength: 8 }),
        (comes) => {
          let tick = 0;
          const arrivals = comes.map(([schedule, gap]) => ({ schedule, tick: (tick += gap) }));
          const schedules = [stages(1, 2), stages(3, 4)];
          const asked = fly(schedules, spec, arrivals);
          for (const asking of ['often', 'at the end'] as const) {
            const other = fly(schedules, spec, arrivals, { asking });
            expect(other.answers, asking).toEqual(asked.answers);
            expect(JSON.stringify(other.told), asking).toBe(JSON.stringify(asked.told));
          }
        },
      ),
      { numRuns: 100, seed: 11 },
    );
  });

  test('an inference that comes later changes no answer before', () => {
    fc.assert(
      fc.property(together, fc.nat(), (drawn, cut) => {
        const traffic = trafficOf(drawn);
        fc.pre(traffic !== undefined);
        const { spec, schedules, arrivals, taskPolicy } = traffic;
        const kept = cut % arrivals.length;
        const next = arrivals[kept]!.tick;
        const until = ({ answers }: Flight) => answers.filter(({ tick }) => tick <= next);
        expect(until(fly(schedules, spec, arrivals.slice(0, kept), { taskPolicy }))).toEqual(
          until(fly(schedules, spec, arrivals, { taskPolicy })),
        );
      }),
      { numRuns: 20 },
    );
  });

  // As for one schedule: the way of bytes to digital cores depends on which are free.
  test('what happens is the sum of what each inference does alone', () => {
    fc.assert(
      fc.property(together, (drawn) => {
        const traffic = trafficOf(drawn, whole);
        fc.pre(traffic !== undefined);
        const { spec, schedules, arrivals, taskPolicy } = traffic;
        const counts = countsOf(fly(schedules, spec, arrivals, { taskPolicy }).told);
        const expected = new Map<string, number>();
        schedules.forEach((_, number) => {
          const inferences = arrivals.filter(({ schedule }) => schedule === number).length;
          if (inferences === 0) return;
          const one = countsOf(fly(schedules, spec, [{ schedule: number, tick: 0 }]).told);
          for (const [key, count] of one) expected.set(key, (expected.get(key) ?? 0) + inferences * count);
        });
        expect([...counts.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, count] of counts)
          expect(Math.abs(count - expected.get(key)!), key).toBeLessThanOrEqual(1e-12 * count);
      }),
      { numRuns: 20 },
    );
  });

  test.each(['while inferences are on their way', 'at the end'])(
    'crossbars and cores are busy for as long as is told of them, %s',
    (when) => {
      fc.assert(
        fc.property(together, (drawn) => {
          // Of an MVM whose converters are shared nothing is told before it ends.
          const early = when !== 'at the end';
          const traffic = trafficOf(
            drawn,
            early ? { ...whole, cycle: 0, sharedBy: 'crossbar' } : { ...whole, cycle: 0 },
          );
          fc.pre(traffic !== undefined);
          const { spec, schedules, arrivals, taskPolicy } = traffic;
          const until = early ? arrivals.at(-1)!.tick : Number.MAX_SAFE_INTEGER;
          const { fleet, told } = fly(schedules, spec, arrivals, { taskPolicy, until });
          const now = early ? until : fleet.now;
          const stages = schedules.flatMap((schedule) => schedule.stages);
          const busy = new Map<string, number>();
          let digital = 0;
          for (const activity of told) {
            const ticks = Math.max(0, Math.min(activity.end, now) - Math.min(activity.start, now));
            if (activity.component === 'macArray' || activity.component === 'vectorUnit') digital += ticks;
            for (const resource of resourcesOf(activity, stages[activity.stage]!))
              busy.set(resource, (busy.get(resource) ?? 0) + ticks);
          }
          schedules.forEach((schedule, number) => {
            const own = schedule.stages.flatMap((stage) =>
              stage.kind === 'analog' ? stage.replicas.flatMap(({ crossbars }) => crossbars) : [],
            );
            const held = [...new Set(own)].reduce(
              (a, crossbar) => a + (busy.get(`crossbar ${crossbar}`) ?? 0),
              0,
            );
            const ticks = fleet.crossbarTicks([number], now);
            if (spec.analogCore?.adcBank.sharedBy === 'core') expect(ticks).toBeLessThanOrEqual(held);
            else expect(ticks).toBe(held);
          });
          const cores = spec.chip.count * spec.chip.tiles * spec.tile.digitalCores;
          expect(fleet.digitalBusy(now) * cores).toBeCloseTo(digital, 3);
        }),
        { numRuns: 20 },
      );
    },
  );

  test('task policies see who came first, of whichever schedule, however many are there', () => {
    const conv = { kind: 'conv', outputs: 4, kernel: 3, stride: 1, pad: 1 } as const;
    const lowered = networkOf({ side: 4, steps: [conv, { kind: 'pool' }, conv], head: true, before: 0 });
    const spec = testSpec({ chip: { tiles: 1 } });
    const schedules = cutsSideBySide([lowered], [[false], [true, false]], spec)!;
    const half = schedules[0]!.stages.length;
    // By stage: in the order in which they were seen.
    const seen = new Map<number, number[]>();
    const spy: TaskPolicy = {
      ...taskPolicies.parts[0]!,
      choose(ready) {
        for (let at = 0; at < ready.count; at++)
          seen.set(ready.stage[at]!, [...(seen.get(ready.stage[at]!) ?? []), ready.inference[at]!]);
        return 0;
      },
    };
    // 150 of the first, one of the second, ten of the first: all at once.
    const order = [...new Array<number>(150).fill(0), 1, ...new Array<number>(10).fill(0)];
    const all = order.map((schedule) => ({ schedule, tick: 0 }));
    fly(schedules, spec, all, { taskPolicy: spy });
    const of = (schedule: number) => [...seen].filter(([stage]) => (stage < half ? 0 : 1) === schedule);
    expect(new Set(of(1).flatMap(([, ages]) => ages))).toEqual(new Set([150]));
    for (const [, ages] of of(0)) {
      expect(ages).not.toContain(150);
      expect(ages).toEqual([...ages].sort((a, b) => a - b));
    }
    const first = of(0).flatMap(([, ages]) => ages);
    expect([Math.min(...first), Math.max(...first)]).toEqual([0, 160]);
  });

  test('an MVM that waits for converters in use is not overtaken by one that comes later', () => {
    // Two slices of ten ticks each; the first MVM keeps the crossbar until tick 20.
    const spec = tickChip(1, { adcBank: { sharedBy: 'core' } });
    const schedule = handSchedule(
      [
        loadStage(0, { tasks: 1, capacity: 1 }),
        mvmStage(1, {
          tasks: 1,
          capacity: 1,
          time: 10,
          slices: 2,
          crossbars: [0],
          sources: [oneByOne(0, 1)],
        }),
      ],
      1,
    );
    const comes = [0, 5, 15].map((tick, number) => ({ schedule: number, tick }));
    const { told } = fly([schedule, schedule, schedule], spec, comes);
    const mvms = told.filter(({ component, action }) => component === 'crossbar' && action === 'read');
    expect(mvms.map(({ stage, start, end }) => [Math.floor(stage / 2), start, end])).toEqual([
      [0, 0, 20],
      [1, 20, 40],
      [2, 40, 60],
    ]);
  });
});

test('answers come in order of their ticks, not of when they are sent', () => {
  const answering = (bytes: number, time: number, crossbar: number) =>
    handSchedule(
      [
        loadStage(0, { tasks: 1, capacity: 1 }),
        mvmStage(1, { tasks: 1, capacity: 1, time, crossbars: [crossbar], sources: [oneByOne(0, 1)] }),
      ],
      1,
      bytes,
    );
  const both = [0, 1].map((schedule) => ({ schedule, tick: 0 }));
  const { answers } = fly([answering(50, 5, 0), answering(0, 60, 1)], tickChip(1, { crossbars: 2 }), both);
  // 50 bytes leave the buffer, then go to the memory: the other is sent after that has begun, and there before it ends.
  expect(answers.map(({ schedule, tick }) => [schedule, tick])).toEqual([
    [1, 60],
    [0, 105],
  ]);
});

describe('is refused', () => {
  const one = (crossbars: readonly number[], time = 5) =>
    handSchedule(
      [
        loadStage(0, { tasks: 1, capacity: 1 }),
        mvmStage(1, { tasks: 1, capacity: 1, time, crossbars, sources: [oneByOne(0, 1)] }),
      ],
      1,
    );
  const spec = tickChip(1, { crossbars: 4 });
  const none: readonly Arrival[] = [];

  test('a crossbar of two layers, and of two sets of copies', () => {
    expect(() => fly([one([0, 1]), one([0, 1])], spec, none)).not.toThrow();
    expect(() => fly([one([0, 1]), one([2, 3])], spec, none)).not.toThrow();
    expect(() => fly([one([0, 1]), one([1, 2])], spec, none)).toThrow(
      /mvm 1 .*schedule 1.* lie on crossbar 1/,
    );
    expect(() => fly([one([0], 5), one([0], 6)], spec, none)).toThrow(/crossbar 0/);
  });

  test('a schedule that takes turns on the crossbars', () => {
    const turns = { ...one([0]), parts: [{ rows: 1, cells: [] }] } as Schedule;
    expect(() => fly([turns], spec, none)).toThrow(/takes turns/);
  });

  test('an inference that would have begun before now', () => {
    const { fleet } = fly([one([0])], spec, [{ schedule: 0, tick: 9 }]);
    expect(() => fleet.release(0, 3)).toThrow(RangeError);
  });
});

/** What an activity holds. */
function resourcesOf(
  { component, action, unit }: Told,
  stage: Schedule['stages'][number],
): readonly string[] {
  if (component === 'memory') return ['memory port'];
  if (component === 'buffer') return [`port of tile ${unit}`];
  if (component === 'interconnect' || component === 'chipLink') return [`${component} ${unit}`];
  if (component === 'crossbar' && action === 'read' && stage.kind === 'analog')
    return stage.replicas[unit]!.crossbars.map((crossbar) => `crossbar ${crossbar}`);
  if (component === 'macArray' || component === 'vectorUnit') return [`digital core ${unit}`];
  return [];
}

function countsOf(told: readonly Told[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { component, action, stage, count } of told) {
    if (component === 'interconnect' || component === 'chipLink') continue;
    const key = `${component} ${action} ${stage}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}
