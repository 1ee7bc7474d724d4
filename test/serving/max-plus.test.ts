import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Stations } from './stations.ts';
import { arrivalsAt, pipelineProfile, serveByHand } from './hand-server.ts';

/**
 * Queries at given ticks through pipelines of constant stages, against recursions. A query starts when it has come, nobody
 * is before it, and some device has less than `most` in flight: S(n) = max(a(n), S(n−1), least over devices of their
 * answer number −most). Its stages then end at C_s(n) = max(C_{s−1}(n), C_s(n−1)) + t_s, C_{−1}(n) = S(n). One that
 * cannot start at once is turned away where `capacity` of those before it have not started.
 */
const stages = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 });
const gaps = fc
  .integer({ min: 1, max: 400 })
  .chain((max) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 60, size: 'max' }));

interface Pipelines {
  readonly stages: readonly number[];
  readonly arrivals: readonly number[];
  readonly most: number;
  readonly devices: number;
  readonly capacity: number;
}

const pipelines: fc.Arbitrary<Pipelines> = fc
  .record({
    stages,
    gaps,
    most: fc.integer({ min: 1, max: 5 }),
    devices: fc.integer({ min: 1, max: 3 }),
    capacity: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ gaps: between, ...rest }) => {
    let tick = 0;
    return { ...rest, arrivals: between.map((gap) => (tick += gap)) };
  });

/** By query, the tick of its answer; undefined where it was turned away. */
function recursion({ stages: t, arrivals, most, devices, capacity }: Pipelines): (number | undefined)[] {
  const starts: number[] = [];
  const ends = Array.from({ length: devices }, () => t.map((): number[] => []));
  const answers = (device: number) => ends[device]!.at(-1)!;
  return arrivals.map((arrival) => {
    const rooms = ends.map((_, device) => answers(device).at(-most) ?? 0);
    const start = Math.max(arrival, starts.at(-1) ?? 0, Math.min(...rooms));
    const waiting = starts.filter((other) => other > arrival).length;
    if (start > arrival && waiting >= capacity) return undefined;
    starts.push(start);
    const inFlight = ends.map((_, device) => answers(device).filter((end) => end > start).length);
    const device = inFlight.indexOf(Math.min(...inFlight));
    let end = start;
    t.forEach((time, stage) => {
      const before = ends[device]![stage]!;
      end = Math.max(end, before.at(-1) ?? 0) + time;
      before.push(end);
    });
    return end;
  });
}

/** The same of the server, on devices of this profile. */
function served(
  { stages: t, arrivals, most, devices, capacity }: Pipelines,
  profile = pipelineProfile(t),
): (number | undefined)[] {
  const answers = arrivals.map((): number | undefined => undefined);
  const { run, slots } = serveByHand({
    ...{ profile, most, devices, line: { capacity, full: 'reject' }, load: arrivalsAt(arrivals) },
    onAnswer: ({ number, arrival, answered }) => {
      expect(answers[number]).toBeUndefined();
      expect(arrival).toBe(arrivals[number]);
      answers[number] = answered;
    },
  });
  const rejected = answers.filter((answer) => answer === undefined).length;
  expect(run.models[0]).toMatchObject({ offered: arrivals.length, droppedFull: rejected });
  // One more while the door decides.
  expect(slots).toBeLessThanOrEqual(capacity + devices * most + 1);
  return answers;
}

describe('a server of pipelines with so many in flight', () => {
  test('and a line without end: every answer comes at the tick of the recursion', () => {
    fc.assert(
      fc.property(pipelines, (one) => {
        const open = { ...one, capacity: 1e6 };
        const answers = recursion(open);
        expect(answers).not.toContain(undefined);
        expect(served(open)).toEqual(answers);
      }),
      { numRuns: 300 },
    );
  });

  test('told by latency Σt and interval max t alone: the same', () => {
    fc.assert(
      fc.property(pipelines, (one) => {
        const open = { ...one, capacity: 1e6 };
        const profile = pipelineProfile(one.stages);
        const answers = recursion(open);
        expect(served(open, { ...profile, visits: [] })).toEqual(answers);
      }),
      { numRuns: 200 },
    );
  });

  test('and a line of finite length: the same queries are turned away, the others answered at the same ticks', () => {
    let turnedAway = 0;
    fc.assert(
      fc.property(pipelines, (one) => {
        const answers = recursion(one);
        turnedAway += answers.filter((answer) => answer === undefined).length;
        expect(served(one)).toEqual(answers);
      }),
      { numRuns: 500 },
    );
    expect(turnedAway).toBeGreaterThan(500);
  });

  test('D/D/1/K beyond its capacity: K + 1 and one for every service are taken, whenever a place is free', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 2, max: 5 }),
        (gap, capacity, load) => {
          const service = load * gap;
          const arrivals = Array.from({ length: 40 * load }, (_, query) => gap * query);
          const answers = served({ stages: [service], arrivals, most: 1, devices: 1, capacity });
          // The device is never idle: by the arrival of query n, ⌊n / load⌋ are answered.
          const taken = (n: number) => (n < 0 ? 0 : Math.min(n + 1, capacity + 1 + Math.floor(n / load)));
          const expected = arrivals.map((_, n) => (taken(n) > taken(n - 1) ? taken(n) * service : undefined));
          expect(answers).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});

interface Row {
  readonly servers: number;
  readonly work: number;
  /** Ticks after its begin at which a job moves on. */
  readonly gap: number;
}

/** Jobs through stations in a row: by station and job when work begins, by job when it is out, and the last tick of a call. */
function walk(row: readonly Row[], arrivals: readonly number[]) {
  const stations = new Stations(row.map(({ servers }) => servers));
  const begins = row.map((): number[] => []);
  const out: number[] = [];
  const at: number[] = [];
  let last = 0;
  const visit = (job: number, now: number) => {
    const station = at[job]!;
    const { work, gap } = row[station]!;
    begins[station]![job] = stations.visit(job, station, work, gap, now);
    last = now;
  };
  const moveUntil = (tick: number) => {
    while (stations.nextMove <= tick && stations.nextMove < Number.POSITIVE_INFINITY) {
      const [job, now] = [stations.nextJob, stations.nextMove];
      stations.removeNext();
      at[job] = at[job]! + 1;
      if (at[job] === row.length) out[job] = now;
      else visit(job, now);
    }
  };
  arrivals.forEach((tick, job) => {
    moveUntil(tick);
    at[job] = 0;
    visit(job, tick);
  });
  moveUntil(Number.POSITIVE_INFINITY);
  return { stations, begins, out, last };
}

describe('stations in a row', () => {
  const rows = fc.array(
    fc.record({
      servers: fc.integer({ min: 1, max: 4 }),
      work: fc.integer({ min: 1, max: 200 }),
      gap: fc.integer({ min: 1, max: 300 }),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test('of several servers, whose jobs move on before or after their work: tick for tick, and busy as long', () => {
    fc.assert(
      fc.property(rows, gaps, fc.integer({ min: 0, max: 400 }), (row, between, later) => {
        let tick = 0;
        const arrivals = between.map((gap) => (tick += gap));
        const { stations, begins, out, last } = walk(row, arrivals);

        // Kiefer and Wolfowitz: a job takes the server that is free first.
        const free = row.map(({ servers }) => new Array<number>(servers).fill(0));
        const until = last + later;
        const busy = row.map(() => 0);
        arrivals.forEach((arrival, job) => {
          let at = arrival;
          row.forEach(({ work, gap }, station) => {
            const servers = free[station]!.sort((a, b) => a - b);
            const begin = Math.max(at, servers[0]!);
            expect(begins[station]![job]).toBe(begin);
            servers[0] = begin + work;
            busy[station] = busy[station]! + Math.min(work, Math.max(0, until - begin));
            at = begin + gap;
          });
          expect(out[job]).toBe(at);
        });
        row.forEach((_, station) => {
          expect(stations.busy(station, until)).toBe(busy[station]);
          expect(stations.backlog(station, until)).toBe(Math.max(0, Math.min(...free[station]!) - until));
        });
      }),
      { numRuns: 300 },
    );
  });
});
