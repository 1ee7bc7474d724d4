import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FifoLines } from '../../src/engine/fifo-lines.ts';

const requests = fc.array(
  fc.record({
    line: fc.integer({ min: 0, max: 2 }),
    duration: fc.integer({ min: 0, max: 30 }),
    now: fc.integer({ min: 0, max: 200 }),
    holder: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 60 },
);

describe('lines of requests of known duration', () => {
  test('follow a plain list of intervals, one after the other in the order of the calls', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const lines = new FifoLines(3);
        const intervals: [number, number][][] = [[], [], []];
        for (const { line, duration, now, holder } of list) {
          const end = intervals[line]!.at(-1)?.[1] ?? 0;
          const start = Math.max(now, end);
          intervals[line]!.push([start, start + duration]);
          expect(lines.reserve(line, duration, now, holder)).toBe(start);
          expect(lines.freeAt(line)).toBe(start + duration);
        }
        intervals.forEach((all, line) =>
          expect(lines.busy(line)).toBe(all.reduce((sum, [start, end]) => sum + end - start, 0)),
        );
      }),
      { numRuns: 300 },
    );
  });

  // Tick by tick: a request waits for the first one before it that is not done yet; for the eighth before it at the earliest.
  test('charge every waited tick to the request whose end it waited for', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const charged = new Map<string, number>();
        const expected = new Map<string, number>();
        const add = (map: Map<string, number>, key: string, ticks: number) =>
          map.set(key, (map.get(key) ?? 0) + ticks);
        const lines = new FifoLines(3, (line, waiter, holder, ticks) => {
          expect(ticks).toBeGreaterThan(0);
          add(charged, `${line} ${waiter} ${holder}`, ticks);
        });
        const before: { end: number; holder: number }[][] = [[], [], []];
        let waited = 0;
        for (const { line, duration, now, holder } of list) {
          const served = before[line]!;
          const start = Math.max(now, served.at(-1)?.end ?? 0);
          for (let tick = now; tick < start; tick++) {
            const remembered = served.slice(-8);
            const blocker = remembered.find(({ end }) => end > tick)!;
            add(expected, `${line} ${holder} ${blocker.holder}`, 1);
          }
          waited += start - now;
          lines.reserve(line, duration, now, holder);
          served.push({ end: start + duration, holder });
        }
        expect(new Map([...charged].sort())).toEqual(new Map([...expected].sort()));
        expect([...charged.values()].reduce((sum, ticks) => sum + ticks, 0)).toBe(waited);
      }),
      { numRuns: 500 },
    );
  });

  test('by hand: A holds 0 … 10, B 10 … 14; C, who comes at 3, waits 7 for A and 4 for B', () => {
    const told: number[][] = [];
    const lines = new FifoLines(1, (...wait) => told.push(wait));
    lines.reserve(0, 10, 0, 0);
    lines.reserve(0, 4, 0, 1);
    told.length = 0;
    expect(lines.reserve(0, 5, 3, 2)).toBe(14);
    expect(told.sort((a, b) => a[2]! - b[2]!)).toEqual([
      [0, 2, 0, 7],
      [0, 2, 1, 4],
    ]);
  });

  test('a request made later waits even for one made for a later tick', () => {
    const lines = new FifoLines(1);
    expect(lines.reserve(0, 5, 100, 0)).toBe(100);
    expect(lines.reserve(0, 5, 0, 1)).toBe(105);
  });

  test('have the same state exactly when nobody can tell them apart from now on', () => {
    const stateOf = (list: readonly (readonly [number, number])[], now: number, watched: boolean) => {
      const lines = new FifoLines(2, watched ? () => {} : undefined);
      for (const [duration, holder] of list) lines.reserve(0, duration, 0, holder);
      const state: number[] = [];
      lines.state(now, state);
      return state;
    };
    // 7 ticks of 0 and 3 of 1, or 3 of 0 and 7 of 1: free at 10 both, but who comes now waits for others.
    const [a, b] = [
      [
        [7, 0],
        [3, 1],
      ],
      [
        [3, 0],
        [7, 1],
      ],
    ] as const;
    expect(stateOf(a, 0, true)).not.toEqual(stateOf(b, 0, true));
    expect(stateOf(a, 8, true)).toEqual(stateOf(b, 8, true));
    expect(stateOf(a, 0, false)).toEqual(stateOf(b, 0, false));
    expect(stateOf([[10, 1]], 8, true)).toEqual(stateOf(b, 8, true));
    expect(stateOf([[9, 1]], 8, true)).not.toEqual(stateOf(b, 8, true));
    expect(stateOf(a, 10, true)).toEqual(stateOf([], 0, true));
  });
});
