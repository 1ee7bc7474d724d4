import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import type { EventQueue } from '../../src/engine/event-queue.ts';
import { ReferenceQueue } from '../../src/engine/reference-queue.ts';
import { TimingWheel } from '../../src/engine/timing-wheel.ts';

const lastTick = 2 ** 53 - 1;

/** Where the next event goes: so far from now, or on the next multiple of 2^k, where others meet it. */
const placement = fc.oneof(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(2000), fc.nat(2_000_000), fc.nat(2 ** 31 - 1)),
  }),
  fc.record({
    gap: fc.tuple(fc.integer({ min: 30, max: 50 }), fc.nat(2 ** 30)).map(([bits, less]) => 2 ** bits - less),
  }),
  fc.record({ multipleOf: fc.integer({ min: 0, max: 36 }).map((exponent) => 2 ** exponent) }),
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: placement, times: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ pops: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ popsUpTo: placement }) },
);

describe('the timing wheel', () => {
  test('gives the same events in the same order as a priority queue of objects', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (script) => {
        const wheel = new TimingWheel();
        const reference = new ReferenceQueue();
        let number = 0;
        for (const action of script) {
          if ('push' in action) {
            for (let count = 0; count < action.times; count++, number++) {
              const time = placed(reference.time, action.push);
              for (const queue of [wheel, reference]) queue.push(time, number & 255, number, ~number);
            }
          } else if ('pops' in action) {
            for (let count = 0; count < action.pops; count++)
              expect(popped(wheel)).toEqual(popped(reference));
          } else {
            const limit = placed(reference.time, action.popsUpTo);
            let event: unknown;
            do {
              event = popped(reference, limit);
              expect(popped(wheel, limit)).toEqual(event);
              expect(wheel.time).toBe(reference.time);
            } while (event !== undefined);
          }
          expect(wheel.size).toBe(reference.size);
          expect(wheel.time).toBe(reference.time);
        }
        while (reference.size > 0) expect(popped(wheel)).toEqual(popped(reference));
        expect(wheel.pop()).toBe(false);
        expect(wheel.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  // Numbers of pending events that fill slots, chunks and bitmaps beyond what short scripts reach.
  test.each([
    ['a few ticks, many ties', 3000, (random: number) => Math.floor(random * 16)],
    ['about 100 ns', 3000, (random: number) => Math.round(-Math.log(1 - random) * 1e5)],
    ['clock edges', 500, (random: number) => 781 * Math.floor(random * 64)],
    ['fractions of a second', 200, (random: number) => Math.round(random * 1e12)],
    ['many seconds', 100, (random: number) => Math.round(random * 2 ** 43)],
    ['from 1 tick to 1 s', 2000, (random: number) => Math.round(10 ** (random * 12))],
  ])('holds the order over 60,000 events %s apart', (_, pending, increment) => {
    const wheel = new TimingWheel();
    const reference = new ReferenceQueue();
    const random = uniform(7);
    let wrong = 0;
    for (let number = 0; number < 60_000; number++) {
      if (number >= pending) {
        wheel.pop();
        reference.pop();
        if (wheel.time !== reference.time || wheel.a !== reference.a) wrong++;
      }
      const time = reference.time + increment(random());
      wheel.push(time, 1, number, 0);
      reference.push(time, 1, number, 0);
    }
    while (reference.pop()) if (!wheel.pop() || wheel.a !== reference.a) wrong++;
    expect(wrong).toBe(0);
    expect(wheel.size).toBe(0);
  });

  test('takes as many bytes as stated and none more in steady state', () => {
    const bound = (pending: number) => 2 * ((256 / 15) * pending + 512 * 6144) + 9 * 6144;
    const crowded = new TimingWheel();
    const random = uniform(3);
    for (let number = 0; number < 400_000; number++)
      crowded.push(Math.floor(random() * 2 ** 50), 0, number, 0);
    expect(crowded.bytes).toBeGreaterThan(16 * 400_000);
    expect(crowded.bytes).toBeLessThan(bound(400_000));

    // 60 events that meet again and again about 1 us later, so that slots fill and are dealt out all the time.
    const steady = new TimingWheel();
    for (let number = 0; number < 60; number++) steady.push(number, 0, number, 0);
    for (let hold = 0; hold < 300_000; hold++) {
      steady.pop();
      steady.push((Math.floor(steady.time / 2 ** 20) + 1) * 2 ** 20 + (hold % 50), 0, 0, 0);
    }
    expect(steady.bytes).toBe(new TimingWheel().bytes);
  });
});

describe.each([
  ['timing wheel', TimingWheel],
  ['reference queue', ReferenceQueue],
])('the %s', (_, Queue) => {
  test('keeps events up to the last tick, 2^53 - 1', () => {
    const queue = new Queue();
    queue.push(lastTick, 255, 2 ** 31 - 1, -(2 ** 31));
    queue.push(0, 0, 0, 0);
    expect(popped(queue)).toEqual({ time: 0, kind: 0, a: 0, b: 0 });
    expect(popped(queue)).toEqual({ time: lastTick, kind: 255, a: 2 ** 31 - 1, b: -(2 ** 31) });
    expect(queue.pop()).toBe(false);
    expect(queue.time).toBe(lastTick);
  });

  test('takes events at the present, behind those already scheduled for it', () => {
    const queue = new Queue();
    queue.push(10, 0, 1, 0);
    queue.push(10, 0, 2, 0);
    queue.pop();
    queue.push(10, 0, 3, 0);
    expect([queue.a, popped(queue), popped(queue)]).toEqual([1, event(10, 2), event(10, 3)]);
  });

  test('moves the present to a limit only past pending events, and never back', () => {
    const queue = new Queue();
    expect(queue.pop(50)).toBe(false);
    expect(queue.time).toBe(0);
    queue.push(1_000_000, 0, 1, 0);
    queue.push(1_000_500, 0, 2, 0);
    expect(queue.pop(999_999)).toBe(false);
    expect(queue.time).toBe(999_999);
    expect(queue.pop(7)).toBe(false);
    expect(queue.time).toBe(999_999);
    expect(() => queue.push(999_998, 0, 0, 0)).toThrow(/in the past: the clock stands at 999999/);
    queue.push(999_999, 0, 3, 0);
    expect([popped(queue), popped(queue, 1_000_000)]).toEqual([event(999_999, 3), event(1_000_000, 1)]);
  });

  test.each([
    [9, /cannot schedule at 9 ticks, in the past: the clock stands at 10/],
    [-1, /in the past/],
    [10.5, /whole number/],
    [Number.NaN, /whole number/],
    [Number.POSITIVE_INFINITY, /whole number/],
    [2 ** 53, /up to 2\^53 - 1/],
    [2 ** 62, /up to 2\^53 - 1/],
    [1e300, /up to 2\^53 - 1/],
  ])('refuses tick %d at tick 10 and stays as it was', (time, message) => {
    const queue = new Queue();
    queue.push(10, 0, 1, 0);
    queue.push(11, 0, 2, 0);
    queue.pop();
    expect(() => queue.push(time, 0, 0, 0)).toThrow(message);
    expect(queue.size).toBe(1);
    expect(popped(queue)).toEqual(event(11, 2));
  });

  test.each([
    [256, 0, 0, /event kind 256/],
    [-1, 0, 0, /event kind -1/],
    [0.5, 0, 0, /event kind 0.5/],
    [0, 2 ** 31, 0, /payload \(2147483648, 0\)/],
    [0, 0, 0.5, /payload \(0, 0.5\)/],
  ])('refuses kind %d with payload %d, %d', (kind, a, b, message) => {
    expect(() => new Queue().push(0, kind, a, b)).toThrow(message);
  });

  test('holds no more events than it may', () => {
    const queue = new Queue({ maxPending: 3 });
    for (let number = 0; number < 3; number++) queue.push(5, 0, number, 0);
    expect(() => queue.push(5, 0, 3, 0)).toThrow(Fault);
    queue.pop();
    queue.push(5, 0, 4, 0);
    expect([popped(queue), popped(queue), popped(queue)]).toEqual([event(5, 1), event(5, 2), event(5, 4)]);
  });
});

function placed(now: number, place: { gap: number } | { multipleOf: number }): number {
  const time = 'gap' in place ? now + place.gap : (Math.floor(now / place.multipleOf) + 1) * place.multipleOf;
  return Math.min(time, lastTick);
}

function popped(queue: EventQueue, limit?: number): unknown {
  const taken = limit === undefined ? queue.pop() : queue.pop(limit);
  return taken ? { time: queue.time, kind: queue.kind, a: queue.a, b: queue.b } : undefined;
}

function event(time: number, a: number): unknown {
  return { time, kind: 0, a, b: 0 };
}

/** A linear congruential generator (Lehmer, 48271): numbers in (0, 1), the same in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
