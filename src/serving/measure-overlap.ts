import { RandomStream } from '../base/random-stream.ts';
import { Fleet } from '../machine/fleet.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { matchedToWait } from './matched-wait.ts';
import type { MeasureOptions } from './measure-options.ts';
import { type ObservedQuery, observed } from './observed-queries.ts';
import { shareBeside } from './query-energy.ts';
import { OverlapBuilder, type OverlapTable, overlapsOf } from './overlap.ts';

/** Ticks for which a query keeps the busiest digital core; and the busiest of the memory, the buffer ports and the links. */
export interface Busiest {
  readonly digital: number;
  readonly ports: number;
}

/** What the machine shows of a cut under load. Ticks. */
export interface MeasuredOverlap {
  readonly interval: number;
  readonly inFlight: number;
  readonly table: OverlapTable;
  /** Mean of `shareBeside` of queries that never run out. */
  readonly beside: number;
  readonly busiest: Busiest;
  /** For which a query near saturation keeps crossbars busy (crossbar-ticks) and computes on digital cores (mean over cores). */
  readonly busy: { readonly crossbarTicks: number; readonly digital: number };
}

/** Load at which the pace of queries that come at random is observed, as a share of the highest rate. */
const SATURATED = 1.3;
/** Load at which the profile is held to the machine. */
const BUSY = 0.85;
/** Loads at which the machine is observed, and their shares of the queries. */
const LOADS = [
  { load: SATURATED, share: 2 },
  { load: 0.3, share: 1 },
  { load: 0.6, share: 1 },
  { load: BUSY, share: 4 },
  { load: 1.1, share: 1 },
] as const;
const SHARES = LOADS.reduce((sum, { share }) => sum + share, 0);
/** Queries of one share, and events to be played for all of them together, at most. */
const MOST_QUERIES = 1500;
const FEWEST_QUERIES = 16;
const EVENTS = 5_000_000;
/** Answers of a closed loop, and how many of them are not looked at. */
const LOOP = { answers: 32, skipped: 12 };
/** In flight at most, and how much slower than with so many the pace may be. */
const MOST_IN_FLIGHT = 16;
const SLOWER = 0.01;
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
  const pace = await paceOf(schedule, latency, options);
  // One more waits inside, so that the next begins at once.
  const inFlight = pace.queries + 1;
  const share = Math.max(
    FEWEST_QUERIES,
    Math.min(MOST_QUERIES, Math.floor(EVENTS / SHARES / pace.eventsOfQuery)),
  );
  let { interval } = pace;
  const play = (at: (typeof LOADS)[number], fleet = fleetOf(schedule, options)) => {
    const random = new RandomStream(SEED, LOADS.indexOf(at));
    let time = 0;
    const arrivals = Array.from({ length: share * at.share }, () => {
      time += (random.exponential() * interval) / at.load;
      return Math.round(time);
    });
    return observed(fleet, arrivals, inFlight, options.onPiece);
  };
  const [saturated, ...loads] = LOADS;
  // Queries that come at random may keep each other from the pace of a closed loop, where digital cores are contended.
  const never = await play(saturated);
  interval = Math.round(Math.max(interval, paceSeen(never)));

  const builder = new OverlapBuilder();
  let nearly: readonly ObservedQuery[] = [];
  let busy = { crossbarTicks: 0, digital: 0 };
  for (const at of loads) {
    const fleet = fleetOf(schedule, options);
    const queries = await play(at, fleet);
    let before = Number.NEGATIVE_INFINITY;
    for (const query of queries) {
      const base = Math.max(query.entered + latency, before + interval);
      const [ahead, behind] = overlapsOf(query, before, base, latency);
      builder.add(ahead, behind, query.answered - base);
      before = query.answered;
    }
    if (at.load !== BUSY) continue;
    nearly = queries;
    const { now } = fleet;
    busy = {
      crossbarTicks: fleet.crossbarTicks([0], now) / queries.length,
      digital: fleet.digitalBusy(now) / queries.length,
    };
  }
  const table = await matchedToWait(builder.table(), nearly, { latency, interval, inFlight });
  return { interval, inFlight, table, beside: besideSeen(never), busiest: pace.busiest, busy };
}

/** Of the second half of queries that all waited. */
function besideSeen(queries: readonly ObservedQuery[]): number {
  const half = queries.length >> 1;
  const shares = queries.slice(half).map(({ entered, answered, followers }, at) => {
    const before = queries[half + at - 1]!.answered;
    return shareBeside({ entered, answered, before, next: followers[0] ?? Number.POSITIVE_INFINITY });
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Ticks between answers, of the second half of queries that all waited. */
function paceSeen(queries: readonly ObservedQuery[]): number {
  const last = queries.length - 1;
  const half = queries.length >> 1;
  return (queries[last]!.answered - queries[half]!.answered) / (last - half);
}

/** The fewest queries in flight that are enough; ticks between answers with so many, and what a query takes. */
interface Pace {
  readonly queries: number;
  readonly interval: number;
  readonly busiest: Busiest;
  readonly eventsOfQuery: number;
}

/** The pace of a cut when queries never run out. */
async function paceOf(schedule: Schedule, latency: number, options: MeasureOptions): Promise<Pace> {
  const intervals = new Map([[1, latency]]);
  const busiest = new Map<number, Busiest>();
  let eventsOfQuery = 1;
  const measure = async (queries: number) => {
    const loop = await closedLoop(schedule, queries, options);
    eventsOfQuery = loop.events / LOOP.answers;
    intervals.set(queries, loop.interval);
    busiest.set(queries, loop.busiest);
    return loop.interval;
  };
  // Doubled until that gains nothing, then halved in on the fewest.
  let most = 1;
  while (most < MOST_IN_FLIGHT) {
    const before = intervals.get(most)!;
    most *= 2;
    if ((await measure(most)) > before * (1 - SLOWER)) break;
  }
  const interval = Math.min(...intervals.values());
  const enough = (queries: number) => intervals.get(queries)! <= interval * (1 + SLOWER);
  let [few, many] = [0, [...intervals.keys()].sort((a, b) => a - b).find(enough)!];
  for (const known of intervals.keys()) if (known < many) few = Math.max(few, known);
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    await measure(middle);
    if (enough(middle)) many = middle;
    else few = middle;
  }
  return {
    ...{ queries: many, interval: Math.min(...intervals.values()), eventsOfQuery },
    // One in flight at a time was not played, and takes no more than two.
    busiest: busiest.get(many) ?? busiest.get(2)!,
  };
}

/** Ticks between answers with so many queries in flight, each answered one replaced at once. */
async function closedLoop(schedule: Schedule, queries: number, options: MeasureOptions) {
  const fleet = fleetOf(schedule, options);
  for (let query = 0; query < queries; query++) fleet.release(0, 0);
  let first = 0;
  let last = 0;
  let before: Busy | undefined;
  for (let answers = 1; answers <= LOOP.answers; answers++) {
    const { tick } = fleet.nextAnswer(Number.MAX_SAFE_INTEGER)!;
    if (answers === LOOP.skipped) {
      first = tick;
      before = busyOf(fleet, tick);
    }
    last = tick;
    if (answers < LOOP.answers) fleet.release(0, tick);
    await options.onPiece();
  }
  const counted = LOOP.answers - LOOP.skipped;
  const after = busyOf(fleet, last);
  const most = (kind: keyof Busy) =>
    after[kind].reduce((most, ticks, line) => Math.max(most, (ticks - before![kind][line]!) / counted), 0);
  return {
    ...{ interval: (last - first) / counted, events: fleet.events },
    busiest: { digital: most('digital'), ports: most('ports') },
  };
}

type Busy = Readonly<Record<keyof Busiest, readonly number[]>>;

function busyOf(fleet: Fleet, until: number): Busy {
  return {
    digital: fleet.busy('digitalCores', until),
    ports: (['memoryPort', 'bufferPorts', 'links'] as const).flatMap((parts) => fleet.busy(parts, until)),
  };
}

function fleetOf(schedule: Schedule, { spec, table, taskPolicy }: MeasureOptions): Fleet {
  return new Fleet([schedule], spec, table, { taskPolicy, sink: { record: () => undefined } });
}
