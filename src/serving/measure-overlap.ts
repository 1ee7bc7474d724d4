import { RandomStream } from '../base/random-stream.ts';
import { Fleet } from '../machine/fleet.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { MeasureOptions } from './measure-options.ts';
import { OverlapBuilder, type OverlapTable, overlapsOf } from './overlap.ts';

/** What the machine shows of a cut under load. Ticks. */
export interface MeasuredOverlap {
  readonly interval: number;
  readonly inFlight: number;
  readonly table: OverlapTable;
}

/** Loads, as shares of the highest rate, at which the machine is observed. */
const LOADS = [0.3, 0.6, 0.85, 1.1];
/** Load at which the pace of queries that come at random is observed. */
const SATURATED = 1.3;
/** Queries at each load, at most, and events to be played for all of them together. */
const MOST_QUERIES = 1500;
const FEWEST_QUERIES = 24;
const EVENTS = 3_000_000;
/** Answers of a closed loop, and how many of them are not looked at. */
const LOOP = { answers: 32, skipped: 12 };
/** In flight at most, and what more of it has to gain to be taken. */
const MOST_IN_FLIGHT = 16;
const GAIN = 0.01;
/** Seed of the arrivals. */
const SEED = 0x0b5e;

/**
 * Plays a cut with several queries in flight: how many it takes for the highest rate, and under Poisson arrivals at four
 * loads how much later than latency and interval say a query is answered, by how much others overlap with it.
 */
export async function measureOverlap(
  schedule: Schedule,
  latency: number,
  options: MeasureOptions,
): Promise<MeasuredOverlap> {
  let inFlight = 1;
  let interval = latency;
  let eventsOfQuery = 1;
  for (let queries = 2; queries <= MOST_IN_FLIGHT; queries++) {
    const loop = await closedLoop(schedule, queries, options);
    eventsOfQuery = loop.events / LOOP.answers;
    if (loop.interval > interval * (1 - GAIN)) {
      // Twice without gain: more does not help.
      if (queries > inFlight + 2) break;
      continue;
    }
    inFlight = queries;
    interval = loop.interval;
  }
  // One more waits inside, so that the next begins at once.
  inFlight += 1;
  const count = Math.floor(EVENTS / (LOADS.length + 1) / eventsOfQuery);
  const queries = Math.max(FEWEST_QUERIES, Math.min(MOST_QUERIES, count));
  const builder = new OverlapBuilder();
  const play = (load: number, number: number) => {
    const random = new RandomStream(SEED, number);
    let time = 0;
    const arrivals = Array.from({ length: queries }, () => {
      time += (random.exponential() * interval) / load;
      return Math.round(time);
    });
    return observed(schedule, arrivals, inFlight, options);
  };
  // Queries that come at random may keep each other from the pace of a closed loop, where digital cores are contended.
  const saturated = await play(SATURATED, LOADS.length);
  const [half, last] = [saturated[queries >> 1]!, saturated[queries - 1]!];
  interval = Math.max(interval, (last.answered - half.answered) / (queries - 1 - (queries >> 1)));
  for (const [number, load] of LOADS.entries()) {
    let before = Number.NEGATIVE_INFINITY;
    for (const query of await play(load, number)) {
      const base = Math.max(query.entered + latency, before + interval);
      const [ahead, behind] = overlapsOf(query, before, base, latency);
      builder.add(ahead, behind, query.answered - base);
      before = query.answered;
    }
  }
  return { interval: Math.round(interval), inFlight, table: builder.table() };
}

/** Ticks between answers with so many queries in flight, each answered one replaced at once. */
async function closedLoop(schedule: Schedule, queries: number, options: MeasureOptions) {
  const fleet = fleetOf(schedule, options);
  for (let query = 0; query < queries; query++) fleet.release(0, 0);
  let first = 0;
  let last = 0;
  for (let answers = 1; answers <= LOOP.answers; answers++) {
    const { tick } = fleet.nextAnswer(Number.MAX_SAFE_INTEGER)!;
    if (answers === LOOP.skipped) first = tick;
    last = tick;
    fleet.release(0, tick);
    await options.onPiece();
  }
  return { interval: (last - first) / (LOOP.answers - LOOP.skipped), events: fleet.events };
}

interface ObservedQuery {
  readonly entered: number;
  readonly followers: number[];
  answered: number;
}

/** Queries that come at given ticks, at most so many in flight, the others waiting at the door. */
async function observed(
  schedule: Schedule,
  arrivals: readonly number[],
  inFlight: number,
  options: MeasureOptions,
): Promise<readonly ObservedQuery[]> {
  const fleet = fleetOf(schedule, options);
  const done: ObservedQuery[] = [];
  const flying: ObservedQuery[] = [];
  let next = 0;
  const enter = (now: number) => {
    for (const one of flying) one.followers.push(now);
    flying.push({ entered: now, followers: [], answered: 0 });
    fleet.release(0, now);
  };
  while (done.length < arrivals.length) {
    const arrival = arrivals[next];
    const free = flying.length < inFlight;
    const until = arrival !== undefined && free ? arrival : Number.MAX_SAFE_INTEGER;
    const answer = fleet.nextAnswer(until);
    if (answer === undefined) {
      enter(arrival!);
      next += 1;
      continue;
    }
    const query = flying.shift()!;
    query.answered = answer.tick;
    done.push(query);
    await options.onPiece();
    // Who has waited at the door comes in.
    if (!free && arrival !== undefined && arrival <= answer.tick) {
      enter(answer.tick);
      next += 1;
    }
  }
  return done;
}

function fleetOf(schedule: Schedule, { spec, table, taskPolicy }: MeasureOptions): Fleet {
  return new Fleet([schedule], spec, table, { taskPolicy, sink: { record: () => undefined } });
}
