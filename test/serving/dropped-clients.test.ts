import { describe, expect, test } from 'vitest';
import { earlyDrop } from '../../src/scheduling/request/early-drop.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import type { ServingRun } from '../../src/serving/serving-run.ts';
import { type HandServer, loadOf, pipelineProfile, serveByHand } from './hand-server.ts';

/** Ticks to an answer, of a pipeline of two stages. */
const STAGES = [3000, 2000];
const LATENCY = 5000;
const PACE = 3000;

function serve(hand: Omit<HandServer, 'profile' | 'most'>): ServingRun['models'][number] {
  return serveByHand({ profile: pipelineProfile(STAGES), most: 2, ...hand }).run.models[0]!;
}

function expectAccountedFor(model: ServingRun['models'][number]): void {
  const { offered, onTime, late, droppedFull, droppedEarly, inFlight } = model;
  expect(onTime + late + droppedFull + droppedEarly + inFlight).toBe(offered);
  expect(inFlight).toBeGreaterThanOrEqual(0);
}

describe('clients without think time whose queries are dropped', () => {
  test.each(['reject', 'drop-head'] as const)('more than the line holds: the run ends (%s)', (full) => {
    const duration = 1000 * LATENCY + 1;
    const clients = 10;
    const load = loadOf({ type: 'closed', clients });
    const model = serve({ load, duration, line: { capacity: 2, full } });
    expectAccountedFor(model);
    expect(model.droppedFull).toBeGreaterThan(0);
    // The server is never idle, but for the first answer.
    expect(model.onTime).toBe(Math.floor((duration - LATENCY) / PACE) + 1);
    // One asks again after an answer, or a latency after a drop.
    expect(model.offered).toBeLessThanOrEqual(clients * (Math.floor(duration / LATENCY) + 1) + model.onTime);
  });

  test.each([LATENCY / 2, 777 * LATENCY, 777.5 * LATENCY])(
    'a deadline that cannot be kept, dropped early: one ask a latency in %d ticks',
    (duration) => {
      const load = loadOf({ type: 'single-stream' });
      const model = serve({
        ...{ load, duration, deadline: 100, request: [fifoOrder, earlyDrop] },
        line: { capacity: 10, full: 'reject' },
      });
      expectAccountedFor(model);
      expect(model.droppedEarly).toBe(model.offered);
      // At 0, L, 2 L, … before the end.
      expect(model.offered).toBe(Math.ceil(duration / LATENCY));
    },
  );

  test('think time counts where it is longer, and is not added', () => {
    for (const [think, gap] of [
      [LATENCY / 4, LATENCY],
      [3 * LATENCY, 3 * LATENCY],
    ] as const) {
      const load = loadOf({ type: 'closed', clients: 1, think: `${think} ps`, thinks: 'fixed' });
      const duration = 100.5 * gap;
      const model = serve({
        ...{ load, duration, deadline: 100, request: [fifoOrder, earlyDrop] },
        line: { capacity: 10, full: 'reject' },
      });
      // The first comes when it has thought.
      expect(model.offered).toBe(Math.ceil((duration - think) / gap));
    }
  });

  test('queries that a client sends together: it comes back a latency after the last drop', () => {
    const samples = 8;
    const load = loadOf({ type: 'multi-stream', samples });
    const model = serve({
      ...{ load, duration: 50.5 * LATENCY, deadline: 100, request: [fifoOrder, earlyDrop] },
      line: { capacity: samples, full: 'reject' },
    });
    expectAccountedFor(model);
    expect(model.offered).toBe(samples * 51);
  });

  test('a hundred times as many as the line holds: each asks once a latency at most', () => {
    const clients = 100_000;
    const duration = 2.5 * LATENCY;
    const load = loadOf({ type: 'closed', clients });
    const model = serve({ load, duration, line: { capacity: 1000, full: 'reject' } });
    expectAccountedFor(model);
    // At 0, L and 2 L those that are neither in line nor in service.
    expect(model.offered).toBeGreaterThan(3 * (clients - 1000) - 100);
    expect(model.offered).toBeLessThanOrEqual(3 * clients);
  });
});
