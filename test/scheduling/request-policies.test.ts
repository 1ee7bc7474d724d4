import { describe, expect, test } from 'vitest';
import { aimd } from '../../src/scheduling/request/aimd.ts';
import { cascade } from '../../src/scheduling/request/cascade.ts';
import { deadlineBatch } from '../../src/scheduling/request/deadline-batch.ts';
import { earlyDrop } from '../../src/scheduling/request/early-drop.ts';
import { edf } from '../../src/scheduling/request/edf.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import { fixedBatch } from '../../src/scheduling/request/fixed-batch.ts';
import { inTime } from '../../src/scheduling/request/in-time.ts';
import { leastLoaded } from '../../src/scheduling/request/least-loaded.ts';
import type { AnswerView, DispatchView } from '../../src/scheduling/request/request-policy.ts';
import { whenIdle } from '../../src/scheduling/request/when-idle.ts';
import { cutOf, frozen, lineOf, modelOf, parametersOf, replicaOf } from './served.ts';

/** Answers after 0.8, 0.4 and 0.1 s. */
const model = modelOf([cutOf(0.8, 0.9), cutOf(0.4, 0.85), cutOf(0.1, 0.7)]);
const line = (more: Partial<DispatchView> = {}) => lineOf(model, more);
const head = (due: number, quality = 0) => ({ arrival: 0, due, quality });
const answered = (more: Partial<AnswerView> = {}): AnswerView =>
  frozen({
    ...{ now: 0.1, model, query: head(1), cut: 2, batch: 1, late: false, margin: undefined, again: false },
    ...more,
  });

test('fifo and edf order by arrival and by due time', () => {
  const query = { arrival: 3, due: 5, quality: 0 };
  expect(fifoOrder.order!(query, undefined as never)).toBe(3);
  expect(edf.order!(query, undefined as never)).toBe(5);
});

describe('in-time', () => {
  const cut = (view: DispatchView, given = {}) => inTime.cut!(view, parametersOf(inTime, given), undefined);

  test('the planned cut in time; else the most accurate in time; else the fastest', () => {
    expect(cut(line({ planned: 1 }))).toBe(1);
    expect(cut(line({ planned: 0, head: head(0.5) }))).toBe(1);
    expect(cut(line({ planned: 0, head: head(0.05) }))).toBe(2);
    expect(cut(line({ planned: 2, head: head(1, 0.8) }))).toBe(0);
    expect(cut(line({ planned: 2, head: head(0.5, 0.8) }))).toBe(1);
  });

  test('or always the most accurate in time', () => {
    expect(cut(line({ planned: 2 }), { prefer: 'accurate' })).toBe(0);
    expect(cut(line({ planned: 0, head: head(0.5) }), { prefer: 'accurate' })).toBe(1);
  });

  test('by the replicas that have room', () => {
    const replicas = [replicaOf(model, 2), replicaOf(model, 1, 0.3)];
    expect(cut(line({ replicas }))).toBe(1);
  });
});

test('when-idle: a more accurate cut for the only query of an idle device, if it is in time', () => {
  const cut = (view: DispatchView) => whenIdle.cut!(view, undefined as never, undefined);
  expect(cut(line({ planned: 2 }))).toBe(0);
  expect(cut(line({ planned: 2, head: head(0.5) }))).toBe(1);
  expect(cut(line({ planned: 2, waiting: 2 }))).toBe(2);
  expect(cut(line({ planned: 2, replicas: [replicaOf(model, 1)] }))).toBe(2);
});

test('early-drop gives up what no cut that it may get and no replica with room can answer in time', () => {
  const drop = (view: DispatchView) => earlyDrop.drop!(view, undefined as never, undefined);
  expect(drop(line({ head: head(0.11) }))).toBe(false);
  expect(drop(line({ head: head(0.09) }))).toBe(true);
  // Another cut could, but none is given.
  expect(drop(line({ head: head(0.11), choosesCut: false }))).toBe(true);
  expect(drop(line({ head: head(0.11), choosesCut: false, planned: 2 }))).toBe(false);
  expect(drop(line({ now: 1, head: head(1.05) }))).toBe(true);
  expect(drop(line({ head: head(0.3), replicas: [replicaOf(model, 2), replicaOf(model, 0, 0.25)] }))).toBe(
    true,
  );
  expect(drop(line({ head: head(0.3), replicas: [replicaOf(model, 0), replicaOf(model, 0, 0.25)] }))).toBe(
    false,
  );
});

test('fixed-batch: full, or waited long enough, or nobody comes any more', () => {
  const batch = (view: DispatchView) =>
    fixedBatch.batch!(view, 0, parametersOf(fixedBatch, { size: 4, wait: '500 ms' }), undefined);
  expect(batch(line({ waiting: 4 }))).toEqual({ size: 4 });
  expect(batch(line({ waiting: 3, now: 0.4 }))).toEqual({ size: 0, until: 0.5 });
  expect(batch(line({ waiting: 3, now: 0.5 }))).toEqual({ size: 4 });
  expect(batch(line({ waiting: 3, ended: true }))).toEqual({ size: 4 });
});

describe('aimd', () => {
  const size = (parameters: object, outcomes: readonly { late: boolean; batch: number }[]) => {
    const given = parametersOf(aimd, parameters);
    return outcomes.reduce(
      (state, outcome) => aimd.learn!(answered(outcome), given, state),
      aimd.start!(given, model),
    );
  };
  const batchOf = (size: number, late = false) => Array.from({ length: size }, () => ({ late, batch: size }));

  test('a batch in time adds a step, one that is late multiplies by the factor, whatever its size', () => {
    expect(size({}, [...batchOf(1), ...batchOf(2)])).toBeCloseTo(3, 12);
    expect(size({ step: 2 }, [...batchOf(1), ...batchOf(3), ...batchOf(3, true)])).toBeCloseTo(0.9 * 5, 12);
    expect(size({ most: 4 }, Array.from({ length: 9 }, () => batchOf(1)).flat())).toBe(4);
    expect(size({}, batchOf(5, true))).toBe(1);
  });

  test('starts what is there, or waits for a full batch', () => {
    const batch = (view: DispatchView, given = {}) => aimd.batch!(view, 0, parametersOf(aimd, given), 3.7);
    expect(batch(line({ waiting: 1 }))).toEqual({ size: 3 });
    expect(batch(line({ waiting: 1 }), { wait: '200 ms' })).toEqual({ size: 0, until: 0.2 });
    expect(batch(line({ waiting: 1, now: 0.2 }), { wait: '200 ms' })).toEqual({ size: 3 });
    expect(batch(line({ waiting: 3 }), { wait: '200 ms' })).toEqual({ size: 3 });
  });
});

describe('deadline-batch', () => {
  // A first answer after 0.4 s, the next ones every 0.1 s.
  const paced = modelOf([cutOf(0.1, 0.9, { latency: 0.4 })]);
  const batch = (more: Partial<DispatchView>, given: object = { margin: 0 }) =>
    deadlineBatch.batch!(lineOf(paced, more), 0, parametersOf(deadlineBatch, given), undefined);

  test('waits until one more would make the first query late', () => {
    // With 3 in the batch the answers end 0.6 s after the start: latest start 0.4 s before the 1 s.
    const waits = batch({ waiting: 3 }) as { until: number };
    expect(waits.until).toBeCloseTo(1 - 0.4 - 0.2, 12);
  });

  test('starts the largest batch with which the first is in time, without the newest', () => {
    // 0.65 s: 0.4 s for the first and 2 more.
    expect(batch({ waiting: 9, head: head(0.65) })).toEqual({ size: 3 });
    expect(batch({ waiting: 9, head: head(0.65) }, { margin: 0.2 })).toEqual({ size: 2 });
    expect(batch({ waiting: 9 }, { most: 2, margin: 0 })).toEqual({ size: 2 });
  });

  test('does not wait where nobody comes any more, time is up or there is no deadline', () => {
    expect(batch({ waiting: 2, ended: true })).toMatchObject({ size: expect.any(Number) as number });
    expect(batch({ waiting: 2, head: head(0.3) })).toEqual({ size: 2 });
    expect(batch({ waiting: 2, head: head(Number.POSITIVE_INFINITY) })).toEqual({ size: 2 });
  });
});

test('least-loaded: the replica that would answer first, of those with room', () => {
  const route = (...replicas: DispatchView['replicas']) =>
    leastLoaded.route!(line({ replicas }), undefined as never, undefined);
  expect(route(replicaOf(model, 0, 0.3), replicaOf(model, 1, 0.2))).toBe(1);
  expect(route(replicaOf(model, 0, 0.3), replicaOf(model, 2, 0.2))).toBe(0);
  expect(route(replicaOf(model, 0, 0.2), replicaOf(model, 0, 0.2))).toBe(0);
});

test('cascade: unsure answers once more with the most accurate cut, where there is time', () => {
  const again = (more: Partial<AnswerView>) =>
    cascade.again!(answered(more), parametersOf(cascade, { margin: 0.4 }), undefined);
  expect(again({ margin: 0.39 })).toBe(0);
  expect(again({ margin: 0.4 })).toBeUndefined();
  expect(again({})).toBeUndefined();
  expect(again({ margin: 0.1, cut: 0 })).toBeUndefined();
  expect(again({ margin: 0.1, now: 0.3 })).toBeUndefined();
});
