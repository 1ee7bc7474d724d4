import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EventQueue } from '../../src/engine/event-queue.ts';
import { ReferenceQueue } from '../../src/engine/reference-queue.ts';
import { FifoServer } from '../../src/engine/resource.ts';
import { TimingWheel } from '../../src/engine/timing-wheel.ts';

// Gaps of every size, many of them equal, and pops in between.
const steps = fc.array(
  fc.oneof(
    fc.record({
      push: fc.oneof(fc.nat(3), fc.nat(5000), fc.nat(2e6), fc.nat(2 ** 31 - 1), fc.constant(2 ** 45)),
    }),
    fc.record({ pops: fc.integer({ min: 1, max: 8 }) }),
  ),
  { maxLength: 400 },
);

describe('the timing wheel', () => {
  test('gives the same events in the same order as a priority queue of objects', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const wheel = new TimingWheel();
        const reference = new ReferenceQueue();
        let number = 0;
        for (const step of script) {
          if ('push' in step) {
            const time = reference.time + step.push;
            if (time > 2 ** 52) continue;
            for (const queue of [wheel, reference]) queue.push(time, number % 7, number, number % 5);
            number += 1;
          } else {
            for (let count = 0; count < step.pops; count++) expect(popped(wheel)).toEqual(popped(reference));
          }
          expect(wheel.size).toBe(reference.size);
        }
        while (reference.size > 0) expect(popped(wheel)).toEqual(popped(reference));
        expect(wheel.pop()).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('grows far beyond its first arrays and keeps the order', () => {
    const wheel = new TimingWheel();
    let state = 1;
    for (let index = 0; index < 100_000; index++) {
      state = (state * 48271) % 2147483647;
      wheel.push(state, 0, index, 0);
    }
    let last = 0;
    for (let index = 0; index < 100_000; index++) {
      wheel.pop();
      expect(wheel.time >= last).toBe(true);
      last = wheel.time;
    }
  });

  test.each([[5], [10.5], [Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53]])(
    'refuses tick %d at tick 10',
    (time) => {
      for (const queue of [new TimingWheel(), new ReferenceQueue()]) {
        queue.push(10, 0, 0, 0);
        queue.pop();
        expect(() => queue.push(time, 0, 0, 0)).toThrow(/not a whole tick/);
      }
    },
  );
});

describe('the engine', () => {
  test('handles each event at its tick by its kind, those scheduled meanwhile included', () => {
    const engine = new Engine();
    const seen: string[] = [];
    engine.at(7, 1, 70, 0);
    engine.at(5, 0, 50, 0);
    engine.at(7, 0, 71, 0);
    engine.run([
      (a) => {
        seen.push(`${engine.now}: ${a}`);
        if (a === 50) engine.after(2, 0, 72, 0);
      },
      (a) => seen.push(`${engine.now}! ${a}`),
    ]);
    expect(seen).toEqual(['5: 50', '7! 70', '7: 71', '7: 72']);
    expect(engine.processed).toBe(4);
  });

  test('lets a check end a long run', () => {
    const engine = new Engine();
    engine.at(0, 0, 0, 0);
    const stop = () => {
      throw new Error('enough');
    };
    expect(() => engine.run([() => engine.after(1, 0, 0, 0)], { onCheck: stop })).toThrow('enough');
    expect(engine.processed).toBe(65536);
  });

  // N items through stages of fixed times with room between them: Σ t + (N − 1) · max t.
  test('a deterministic pipeline of servers ends when the closed form says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (times, items) => {
          const servers = times.map(() => new FifoServer());
          const engine = new Engine();
          let end = 0;
          for (let item = 0; item < items; item++) engine.at(0, 0, item, 0);
          engine.run([
            (item, stage) => {
              if (stage === times.length) {
                end = engine.now;
                return;
              }
              const start = servers[stage]!.reserve(times[stage]!, engine.now);
              engine.at(start + times[stage]!, 0, item, stage + 1);
            },
          ]);
          const sum = times.reduce((a, b) => a + b, 0);
          expect(end).toBe(sum + (items - 1) * Math.max(...times));
          servers.forEach((server, stage) => {
            expect(server.busy).toBe(items * times[stage]!);
            expect(server.busy).toBeLessThanOrEqual(end);
            expect(server.grants).toBe(items);
          });
        },
      ),
    );
  });

  test('a server makes a request wait for those before it, and counts the wait', () => {
    const server = new FifoServer();
    expect([server.reserve(10, 0), server.reserve(5, 3), server.reserve(1, 30)]).toEqual([0, 10, 30]);
    expect([server.busy, server.waited, server.freeAt]).toEqual([16, 7, 31]);
  });
});

function popped(queue: EventQueue): unknown {
  return queue.pop() ? { time: queue.time, kind: queue.kind, a: queue.a, b: queue.b } : undefined;
}
