import { describe, expect, test } from 'vitest';
import { earlyDrop } from '../../src/scheduling/request/early-drop.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import { loadOf, pipelineProfile, serveByHand } from './hand-server.ts';

const SECOND = 1e12;
const CAPACITY = 100_000;
const STAGES = [0.3, 1, 0.5].map((share) => (share * SECOND) / CAPACITY);
const MOST = 3;
const SIZES = [10_000, 100_000];

/** So many queries, about, of a load relative to the capacity, in ten windows. */
function play(queries: number, load: number, capacity: number, request = [fifoOrder]) {
  const rate = load * CAPACITY;
  const duration = (queries / rate) * SECOND;
  const { run, slots } = serveByHand({
    ...{ profile: pipelineProfile(STAGES), most: MOST, line: { capacity, full: 'reject' }, request },
    load: loadOf({ type: 'poisson', rate: `${rate} Hz` }),
    ...{ duration, window: duration / 10, deadline: 0.001 * SECOND },
  });
  const [model] = run.models;
  return { run, slots, offered: model!.offered, answered: model!.onTime + model!.late };
}

describe('the cost of a run', () => {
  test.each([
    ['below its capacity', 0.8, [fifoOrder]],
    ['three times its capacity', 3, [fifoOrder]],
    ['three times its capacity with early drop', 3, [fifoOrder, earlyDrop]],
  ])('%s: an event a query that comes, an answer, a window, and one for the end', (_, load, request) => {
    for (const queries of SIZES) {
      const { run, offered, answered } = play(queries, load, 200, request);
      // Six times the standard deviation of a Poisson number.
      expect(Math.abs(offered - queries)).toBeLessThan(6 * Math.sqrt(queries));
      expect(run.events).toBe(offered + answered + run.windows.length + 1);
      // As many answers as fit into the time, and what then still waits.
      const most = queries * Math.min(1, 1 / load) + 200 + MOST;
      expect(answered).toBeLessThanOrEqual(load < 1 ? offered : most);
    }
  });

  test('what is kept is what waits, is in flight and stands at the door, however many come', () => {
    for (const capacity of [50, 500]) {
      const kept = SIZES.map((queries) => play(queries, 3, capacity).slots);
      for (const slots of kept) {
        expect(slots).toBeGreaterThanOrEqual(capacity + MOST);
        expect(slots).toBeLessThanOrEqual(capacity + MOST + 1);
      }
    }
  });
});
