import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { Engine } from '../../src/engine/engine.ts';
import { type Choice, QueuedResource } from '../../src/engine/queued-resource.ts';
import { FifoServer } from '../../src/engine/resource.ts';
import { WaitingLine } from '../../src/engine/waiting-line.ts';

const requests = fc.array(fc.record({ gap: fc.nat(30), duration: fc.nat(60) }), {
  minLength: 1,
  maxLength: 60,
});
type Request = { readonly gap: number; readonly duration: number };

describe('a resource with a line of waiting requests', () => {
  test('serves in order of arrival exactly as servers of known service times do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), requests, (capacity, list) => {
        const { resource, starts, end } = simulate(capacity, list);
        const server = new FifoServer(capacity);
        let now = 0;
        const expected = list.map(({ gap, duration }) => server.reserve(duration, (now += gap)));
        expect(starts).toEqual(expected);
        expect(resource.waitedUntil(end)).toBe(server.waited);
        expect(resource.busyUntil(end)).toBe(server.busy);
        expect(resource.longestWait.ticks).toBe(server.longestWait);
      }),
    );
  });

  test('under any choice every request is granted once, in the servers there are', () => {
    const choices: Record<string, Choice> = {
      newest: (waiting) => waiting.length - 1,
      'largest number': (waiting) => {
        let best = 0;
        for (let at = 1; at < waiting.length; at++) if (waiting.id(at) > waiting.id(best)) best = at;
        return best;
      },
      'middle, in pairs only': (waiting) => (waiting.length % 2 === 0 ? waiting.length >> 1 : -1),
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        requests,
        fc.constantFrom(...Object.keys(choices)),
        (capacity, list, name) => {
          const { resource, starts, granted, end, mostInUse } = simulate(capacity, list, choices[name]!);
          expect(resource.grants + resource.waiting.length).toBe(list.length);
          expect(resource.requests).toBe(list.length);
          expect(new Set(granted).size).toBe(resource.grants);
          expect(resource.free).toBe(capacity);
          expect(mostInUse).toBeLessThanOrEqual(capacity);
          expect(resource.busyUntil(end)).toBe(granted.reduce((total, id) => total + list[id]!.duration, 0));
          expect(resource.busyUntil(end)).toBeLessThanOrEqual(capacity * end);
          let arrival = 0;
          let waited = 0;
          list.forEach(({ gap }, id) => {
            arrival += gap;
            waited += (starts[id] ?? end) - arrival;
          });
          expect(resource.waitedUntil(end)).toBe(waited);
        },
      ),
    );
  });

  // Stages that hand items on: Σ t + (N − 1) · max t, as with known service times.
  test('a deterministic pipeline ends when the closed form says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (times, items) => {
          const engine = new Engine();
          const stages = times.map(
            (time, stage) => new QueuedResource(1, (item, _, now) => engine.at(now + time, 1, item, stage)),
          );
          for (let item = 0; item < items; item++) engine.at(0, 0, item, 0);
          engine.run([
            (item, stage) => stages[stage]?.acquire(item, engine.now),
            (item, stage) => {
              stages[stage]!.release(engine.now);
              stages[stage]!.takeNext(engine.now);
              engine.after(0, 0, item, stage + 1);
            },
          ]);
          const total = times.reduce((sum, time) => sum + time, 0);
          expect(engine.now).toBe(total + (items - 1) * Math.max(...times));
          stages.forEach((stage, index) => {
            expect([stage.grants, stage.requests, stage.waiting.length]).toEqual([items, items, 0]);
            expect(stage.busyUntil(engine.now)).toBe(items * times[index]!);
          });
          expect(stages[0]!.maxWaiting).toBe(items - 1);
        },
      ),
    );
  });

  test('shows who waits and since when, and tells who waited', () => {
    const told: number[][] = [];
    const resource = new QueuedResource(1, (...grant) => told.push(grant));
    expect([resource.acquire(7, 10), resource.acquire(8, 12), resource.acquire(9, 15)]).toEqual([
      true,
      false,
      false,
    ]);
    const { waiting } = resource;
    expect([waiting.length, waiting.id(0), waiting.since(0), waiting.id(1), waiting.since(1)]).toEqual([
      2, 8, 12, 9, 15,
    ]);
    expect(resource.takeNext(20)).toBe(-1);
    resource.release(20);
    expect(resource.takeNext(20, () => -1)).toBe(-1);
    expect(resource.takeNext(21, () => 1)).toBe(9);
    resource.release(22);
    expect(resource.takeNext(30)).toBe(8);
    resource.release(31);
    expect(resource.takeNext(31)).toBe(-1);
    expect(told).toEqual([
      [7, 10, 10],
      [9, 15, 21],
      [8, 12, 30],
    ]);
    expect(resource.longestWait).toEqual({ ticks: 18, id: 8 });
    expect([resource.maxWaiting, resource.waitedUntil(31), resource.busyUntil(31)]).toEqual([2, 6 + 18, 12]);
  });

  test('does not let an acquisition overtake those that wait', () => {
    const resource = new QueuedResource(2);
    resource.enqueue(1, 0);
    expect(resource.acquire(2, 0)).toBe(false);
    expect([resource.takeNext(0), resource.takeNext(0), resource.free]).toEqual([1, 2, 0]);
  });

  test('refuses what makes no sense', () => {
    const resource = new QueuedResource(1);
    expect(() => resource.release(0)).toThrow(/nobody holds/);
    expect(() => resource.enqueue(-1, 0)).toThrow(/request -1/);
    expect(() => resource.acquire(2 ** 31, 0)).toThrow(/request 2147483648/);
    expect([resource.requests, resource.waiting.length]).toEqual([0, 0]);
    resource.enqueue(1, 5);
    expect(() => resource.takeNext(5, () => 1)).toThrow(/no request waits at position 1: 1 are waiting/);
    expect(() => resource.takeNext(4)).toThrow(/tick 4 lies before tick 5/);
    expect(() => new QueuedResource(0)).toThrow(/0 servers/);
  });
});

describe('a waiting line', () => {
  test('keeps order whoever leaves', () => {
    const moves = fc.array(
      fc.oneof(fc.constant('join' as const), fc.double({ min: 0, max: 0.999, noNaN: true })),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(moves, (list) => {
        const line = new WaitingLine();
        const expected: number[] = [];
        list.forEach((move, index) => {
          if (move === 'join') {
            line.join(index, index * 10);
            expected.push(index);
          } else if (expected.length > 0) {
            const position = Math.floor(move * expected.length);
            line.leave(position);
            expected.splice(position, 1);
          }
          expect(line.length).toBe(expected.length);
          expected.forEach((id, position) => {
            expect(line.id(position)).toBe(id);
            expect(line.since(position)).toBe(id * 10);
          });
        });
      }),
    );
  });

  test('has a greatest length', () => {
    const line = new WaitingLine(32);
    for (let id = 0; id < 32; id++) line.join(id, 0);
    expect(() => line.join(32, 0)).toThrow(Fault);
    line.leave(0);
    line.join(33, 0);
    expect(line.id(31)).toBe(33);
  });
});

/** Plays requests through a resource; whoever holds a server releases it after its time. */
function simulate(capacity: number, list: readonly Request[], choose?: Choice) {
  const engine = new Engine();
  const starts: (number | undefined)[] = list.map(() => undefined);
  const granted: number[] = [];
  let inUse = 0;
  let mostInUse = 0;
  const resource = new QueuedResource(capacity, (id, _, now) => {
    starts[id] = now;
    granted.push(id);
    mostInUse = Math.max(mostInUse, ++inUse);
    engine.at(now + list[id]!.duration, 1, id);
  });
  const serve = () => {
    while (resource.takeNext(engine.now, choose) >= 0);
  };
  let now = 0;
  list.forEach(({ gap }, id) => {
    now += gap;
    engine.at(now, 0, id);
  });
  engine.run([
    (id) => {
      resource.enqueue(id, engine.now);
      serve();
    },
    () => {
      inUse--;
      resource.release(engine.now);
      serve();
    },
  ]);
  return { resource, starts, granted, end: engine.now, mostInUse };
}
