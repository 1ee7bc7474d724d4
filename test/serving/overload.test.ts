import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { earlyDrop } from '../../src/scheduling/request/early-drop.ts';
import { fifoOrder } from '../../src/scheduling/request/fifo.ts';
import { STREAM } from '../../src/serving/server.ts';
import { loadOf, pipelineProfile, serveByHand } from './hand-server.ts';

/**
 * A server of constant service D that is offered three times its capacity 1 / D for 60 s, then half of it: some 900,000
 * queries, each of which is followed by a naive reference.
 */
const SECOND = 1e12;
const D = 200e-6 * SECOND;
const CAPACITY = SECOND / D;
const STEP = 60;
const END = 66;
const K = 1000;
const SEED = 3;
const WINDOW = SECOND;
const load = loadOf({
  type: 'steps',
  rates: [
    { at: '0 s', rate: `${3 * CAPACITY} Hz` },
    { at: `${STEP} s`, rate: `${CAPACITY / 2} Hz` },
  ],
});

/** The ticks at which queries come: the load and the stream of chance of the server. */
const arrivals = ticksOfLoad();

function ticksOfLoad(): readonly number[] {
  const opened = load(new RandomStream(SEED, STREAM.load, 0));
  if (opened.kind !== 'open') throw new Error('closed');
  const ticks: number[] = [];
  for (let next = opened.next(); next !== undefined && next.time < END; next = opened.next())
    ticks.push(Math.round(next.time * SECOND));
  return ticks;
}

type Rule = 'reject' | 'drop-head' | 'early-drop';

const ANSWERED = 1;
const DROPPED_FULL = 2;
const DROPPED_EARLY = 3;

/** What becomes of the queries that come before a tick, by a list of those that wait and the tick at which the server is free. */
function reference(rule: Rule, deadline: number, end: number) {
  const come = arrivals.filter((tick) => tick < end);
  const fate = new Uint8Array(come.length);
  const answered = new Float64Array(come.length);
  const waiting: number[] = [];
  let first = 0;
  let free = 0;
  let longest = 0;
  const start = (query: number, now: number) => {
    free = now + D;
    answered[query] = free;
    fate[query] = ANSWERED;
  };
  // Serves from the line whenever the server is free by a tick.
  const serveUntil = (now: number) => {
    while (free <= now && first < waiting.length) {
      const query = waiting[first++]!;
      if (rule === 'early-drop' && free + D > arrivals[query]! + deadline) fate[query] = DROPPED_EARLY;
      else start(query, free);
    }
  };
  come.forEach((now, query) => {
    serveUntil(now);
    if (free <= now) {
      start(query, now);
      return;
    }
    if (waiting.length - first === K) {
      if (rule !== 'drop-head') {
        fate[query] = DROPPED_FULL;
        return;
      }
      fate[waiting[first++]!] = DROPPED_FULL;
    }
    waiting.push(query);
    longest = Math.max(longest, waiting.length - first);
  });
  serveUntil(end);
  const inFlight = waiting.length - first + (free > end ? 1 : 0);
  serveUntil(Number.POSITIVE_INFINITY);
  return { fate, answered, longest, inFlight };
}

/** The server beside it: that both agree on every query is expected here. */
function play(rule: Rule, deadline: number, { end = END, drain = true } = {}) {
  const naive = reference(rule, deadline, end * SECOND);
  const seen = new Uint8Array(naive.fate.length);
  let agree = 0;
  /** Tick of the first answer after the step that did not wait. */
  let drained = 0;
  let last = 0;
  const { run, slots } = serveByHand({
    ...{ profile: pipelineProfile([D]), most: 1, load, deadline, seed: SEED },
    ...{ duration: end * SECOND, window: WINDOW, drain },
    line: { capacity: K, full: rule === 'drop-head' ? 'drop-head' : 'reject' },
    request: rule === 'early-drop' ? [fifoOrder, earlyDrop] : [fifoOrder],
    onAnswer: ({ number, arrival, answered }) => {
      seen[number] = 1;
      if (arrival === arrivals[number] && answered === naive.answered[number]) agree += 1;
      if (drained === 0 && arrival > STEP * SECOND && answered - arrival === D) drained = last;
      last = answered;
    },
  });
  const [model] = run.models;
  return { run, slots, naive, seen, agree, drained, model: model! };
}

const count = (fate: Uint8Array, what: number) => fate.reduce((sum, one) => sum + (one === what ? 1 : 0), 0);

describe.each(['reject', 'drop-head', 'early-drop'] as const)(
  'three times the capacity for a minute, %s',
  (rule) => {
    const deadline = rule === 'early-drop' ? 100.5 * D : 400 * D;
    const { run, slots, naive, seen, agree, drained, model } = play(rule, deadline);
    const windows = run.windows.map(({ models }) => models[0]!);
    // The first is that in which the line fills, the last before the step ends with it.
    const overload = windows.slice(1, STEP);

    test('drops by its rule and answers all others, each at the tick of the reference', () => {
      const answered = count(naive.fate, ANSWERED);
      expect(agree).toBe(answered);
      expect(naive.fate.every((fate, query) => (seen[query] === 1) === (fate === ANSWERED))).toBe(true);
      expect(model.droppedFull).toBe(count(naive.fate, DROPPED_FULL));
      expect(model.droppedEarly).toBe(count(naive.fate, DROPPED_EARLY));
    });

    test('every query is accounted for', () => {
      expect(model.offered).toBe(arrivals.length);
      const late = naive.answered.filter((tick, query) => tick > arrivals[query]! + deadline).length;
      expect(model.late).toBe(late);
      if (rule === 'early-drop') expect(late).toBe(0);
      expect(model.onTime).toBe(count(naive.fate, ANSWERED) - late);
      expect(model.inFlight).toBe(0);
      expect(model.onTime + model.late + model.droppedFull + model.droppedEarly).toBe(model.offered);
      const summed = (of: (window: (typeof windows)[number]) => number) =>
        windows.reduce((sum, window) => sum + of(window), 0);
      expect(summed(({ offered }) => offered)).toBe(model.offered);
      expect(summed(({ answered }) => answered)).toBe(model.onTime + model.late);
      expect(summed(({ onTime }) => onTime)).toBe(model.onTime);
      expect(summed(({ dropped }) => dropped)).toBe(model.droppedFull + model.droppedEarly);
    });

    test('and so is what waits and is served where a run stops in the middle', () => {
      const stopped = play(rule, deadline, { end: 5, drain: false });
      const answered = stopped.seen.reduce((sum, one) => sum + one, 0);
      expect(stopped.agree).toBe(answered);
      expect(stopped.model.onTime + stopped.model.late).toBe(answered);
      expect(stopped.naive.inFlight).toBeGreaterThan(1);
      expect(stopped.model.inFlight).toBe(stopped.naive.inFlight);
    });

    test('the line never exceeds its capacity, and no more is kept than waits, is served and stands at the door', () => {
      expect(naive.longest).toBeLessThanOrEqual(K);
      if (rule !== 'early-drop') expect(naive.longest).toBe(K);
      for (const { waiting } of windows) expect(waiting).toBeLessThanOrEqual(K);
      expect(slots).toBeLessThanOrEqual(K + 1 + 1);
    });

    test('answers come at the capacity, and the loss is 1 − 1/3', () => {
      // Never idle, a window has as many answers as services fit into it.
      for (const { answered } of overload) expect(answered).toBe(WINDOW / D);
      const offered = overload.reduce((sum, window) => sum + window.offered, 0);
      const dropped = overload.reduce((sum, window) => sum + window.dropped, 0);
      // Answers are certain, of a Poisson number that is offered: 99.9 % of it, and a line's worth at the most.
      const bound = (3.29 / 3) * Math.sqrt(1 / offered) + K / offered;
      expect(Math.abs(dropped / offered - (1 - 1 / 3))).toBeLessThan(bound);
    });

    test('after the step the line drains as fast as capacity exceeds demand', () => {
      const left = windows[STEP - 1]!.waiting;
      // A busy period of M/D/1 that begins with Q waiting: mean Q D / (1 − ρ), variance Q ρ D² / (1 − ρ)³ (Takács); 99.9 %.
      // What is given up early goes sooner.
      const mean = left / (CAPACITY - CAPACITY / 2);
      const spread = Math.sqrt((left * 0.5 * (D / SECOND) ** 2) / 0.5 ** 3);
      const took = drained / SECOND - STEP;
      if (rule !== 'early-drop') {
        expect(left).toBeGreaterThan(0.99 * K);
        expect(Math.abs(took - mean)).toBeLessThan(3.29 * spread + D / SECOND);
      } else expect(took).toBeLessThan(mean + 3.29 * spread);
      for (const { dropped } of windows.slice(STEP + 1)) expect(dropped).toBe(0);
    });
  },
);
