import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { FifoServer } from '../../src/engine/resource.ts';

/** Requests in order of time: gaps between them and how long each is served. */
const requests = fc.array(fc.record({ gap: fc.nat(30), duration: fc.nat(60) }), {
  minLength: 1,
  maxLength: 60,
});

describe('servers of known service times', () => {
  test('make a request wait for those before it, and count the wait', () => {
    const server = new FifoServer();
    expect([server.reserve(10, 0), server.reserve(5, 3), server.reserve(1, 30)]).toEqual([0, 10, 30]);
    expect([server.busy, server.waited, server.freeAt, server.grants]).toEqual([16, 7, 31, 3]);
    expect([server.longestWait, server.maxWaiting]).toEqual([7, 1]);
  });

  test('start, wait, work and queue as counted request by request', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), requests, (capacity, list) => {
        const server = new FifoServer(capacity);
        const served: { now: number; start: number; end: number }[] = [];
        const idle = new Array<number>(capacity).fill(0);
        let now = 0;
        let maxWaiting = 0;
        for (const { gap, duration } of list) {
          now += gap;
          const first = idle.indexOf(Math.min(...idle));
          const start = Math.max(now, idle[first]!);
          idle[first] = start + duration;
          served.push({ now, start, end: start + duration });
          maxWaiting = Math.max(maxWaiting, served.filter((request) => request.start > now).length);

          expect(server.reserve(duration, now)).toBe(start);
          expect(server.freeAt).toBe(Math.min(...idle));
          expect(server.busyUntil(now)).toBe(workUntil(served, now));
          expect(server.busyUntil(now)).toBeLessThanOrEqual(capacity * now);
        }
        const waits = served.map((request) => request.start - request.now);
        expect(server.grants).toBe(list.length);
        expect(server.waited).toBe(sum(waits));
        expect(server.longestWait).toBe(Math.max(...waits));
        expect(server.maxWaiting).toBe(maxWaiting);
        expect(server.busy).toBe(sum(list.map((request) => request.duration)));
        expect(server.busyUntil(1e6)).toBe(server.busy);
      }),
    );
  });

  // N items through stages of fixed times with room between them: Σ t + (N − 1) · max t.
  test('a deterministic pipeline ends when the closed form says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (times, items) => {
          const servers = times.map(() => new FifoServer());
          const engine = new Engine();
          for (let item = 0; item < items; item++) engine.at(0, 0, item, 0);
          engine.run([
            (item, stage) => {
              if (stage === times.length) return;
              const start = servers[stage]!.reserve(times[stage]!, engine.now);
              engine.at(start + times[stage]!, 0, item, stage + 1);
            },
          ]);
          expect(engine.now).toBe(sum(times) + (items - 1) * Math.max(...times));
          expect(engine.processed).toBe(items * (times.length + 1));
          servers.forEach((server, stage) => {
            expect(server.busyUntil(engine.now)).toBe(items * times[stage]!);
            expect(server.grants).toBe(items);
          });
        },
      ),
    );
  });

  test('c servers do N equal items in ⌈N / c⌉ turns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 50 }), (capacity, items) => {
        const server = new FifoServer(capacity);
        let end = 0;
        for (let item = 0; item < items; item++) end = server.reserve(7, 0) + 7;
        expect(end).toBe(7 * Math.ceil(items / capacity));
        expect(server.maxWaiting).toBe(Math.max(0, items - capacity));
      }),
    );
  });

  // Poisson arrivals, one server: the Pollaczek-Khinchine formula, Wq = λ E[S²] / 2 (1 − ρ).
  test.each([
    ['constant', 0.5, 1],
    ['constant', 0.8, 1],
    ['exponential', 0.5, 2],
    ['exponential', 0.8, 2],
  ])('the mean wait under %s service at load %d is that of queueing theory', (kind, load, secondMoment) => {
    const mean = 1e6;
    const server = new FifoServer();
    const random = uniform(11);
    const exponential = (of: number) => Math.round(-Math.log(random()) * of);
    let now = 0;
    const count = 400_000;
    for (let request = 0; request < count; request++) {
      now += exponential(mean / load);
      server.reserve(kind === 'constant' ? mean : exponential(mean), now);
    }
    const expected = (load * mean * secondMoment) / (2 * (1 - load));
    // Waits at load 0.8 are correlated over some hundred requests: a standard error near 2 %.
    expect(server.waited / count / expected).toBeGreaterThan(0.94);
    expect(server.waited / count / expected).toBeLessThan(1.06);
  });

  test('serve in order of calls even when a later call is for an earlier tick', () => {
    const server = new FifoServer();
    expect([server.reserve(10, 100), server.reserve(10, 0)]).toEqual([100, 110]);
    expect(() => server.busyUntil(99)).toThrow(/a request was made for tick 100/);
  });

  test('refuse what makes no sense', () => {
    expect(() => new FifoServer().reserve(-1, 0)).toThrow(/for -1 ticks/);
    expect(() => new FifoServer().reserve(Number.NaN, 0)).toThrow(/for NaN ticks/);
    for (const capacity of [0, 1.5, Number.NaN, 1e12]) {
      expect(() => new FifoServer(capacity)).toThrow(`cannot have ${capacity} servers`);
    }
  });
});

function workUntil(served: readonly { start: number; end: number }[], now: number): number {
  return sum(served.map(({ start, end }) => Math.max(0, Math.min(end, now) - start)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A linear congruential generator (Lehmer, 48271): numbers in (0, 1), the same in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
