import Benchmark from 'benchmark';
import type { EventQueue } from '../src/engine/event-queue.ts';
import { ReferenceQueue } from '../src/engine/reference-queue.ts';
import { TimingWheel } from '../src/engine/timing-wheel.ts';
import { significant, table } from '../src/report/format.ts';

/** Holds per second (take the next event, schedule another) of both calendars in one situation. */
export interface CalendarRow {
  readonly pending: number;
  readonly increments: string;
  /** Medians over all samples. */
  readonly timingWheel: number;
  readonly priorityQueue: number;
  readonly ratio: number;
}

export interface CalendarOptions {
  /** Fewer pending events and shorter samples: to see that it works, not to measure. */
  readonly quick?: boolean;
  readonly pending?: readonly number[];
}

/**
 * The timing wheel beside typescript-collections' PriorityQueue under the hold model: each event taken
 * schedules another. The two take turns, so that a disturbance of the machine meets both.
 */
export function calendarRows({ quick = false, pending }: CalendarOptions = {}): CalendarRow[] {
  const counts = pending ?? (quick ? [100, 10_000] : [100, 10_000, 1_000_000]);
  return counts.flatMap((count) =>
    Object.entries(INCREMENTS).map(([increments, increment]) => {
      const queues = [new TimingWheel(), new ReferenceQueue()];
      const holds = queues.map((queue) => filled(queue, count, increment, quick));
      const samples = queues.map((): number[] => []);
      for (let turn = 0; turn < (quick ? 1 : 3); turn++) {
        holds.forEach((hold, index) => {
          samples[index]!.push(...sampled(hold, quick));
        });
      }
      const [timingWheel, priorityQueue] = samples.map((seconds) => HOLDS / median(seconds));
      return {
        pending: count,
        increments,
        timingWheel: timingWheel!,
        priorityQueue: priorityQueue!,
        ratio: timingWheel! / priorityQueue!,
      };
    }),
  );
}

/** The same as a table in text. */
export async function calendarTable({ quick }: { quick: boolean }): Promise<string> {
  return asTable(calendarRows({ quick }));
}

/** Holds in one call of a measured function. */
const HOLDS = 10_000;

const INCREMENTS: Readonly<Record<string, (random: number) => number>> = {
  'exponential, mean 100 ns': (random) => Math.round(-Math.log(1 - random) * 1e5),
  '0 … 15 ticks, many ties': (random) => Math.floor(random * 16),
  'exponential, mean 100 µs': (random) => Math.round(-Math.log(1 - random) * 1e8),
};

/** A function of `HOLDS` holds on a queue filled and run in for about a second. */
function filled(
  queue: EventQueue,
  pending: number,
  increment: (random: number) => number,
  quick: boolean,
): () => void {
  // Lehmer's generator (48271): the same increments in every run.
  let state = 12345;
  const increments = Float64Array.from({ length: 2 ** 16 }, () => {
    state = (state * 48271) % 2147483647;
    return increment(state / 2147483647);
  });
  for (let event = 0; event < pending; event++) queue.push(increments[event & 0xffff]!, 0, event, 0);
  const hold = compiledHold(queue, increments);
  const end = performance.now() + (quick ? 50 : 1000);
  for (let done = 0; done < 2 * pending + HOLDS && performance.now() < end; done += HOLDS) hold();
  return hold;
}

/**
 * The loop over a queue, compiled for it alone: a loop that has seen both calendars calls them through a
 * dispatch that no simulation pays for.
 */
function compiledHold(queue: EventQueue, increments: Float64Array): () => void {
  const compile = new Function(
    'queue',
    'increments',
    `let index = 0;
    return () => {
      for (let count = 0; count < ${HOLDS}; count++) {
        queue.pop();
        queue.push(queue.time + increments[index = (index + 1) & 0xffff], 0, queue.a, 0);
      }
    };`,
  );
  return compile(queue, increments);
}

/** Seconds per call of a function, sample by sample. */
function sampled(hold: () => void, quick: boolean): readonly number[] {
  const benchmark = new Benchmark(hold, {
    maxTime: quick ? 0.05 : 0.5,
    minSamples: quick ? 3 : 7,
    // Short samples: most of them pass undisturbed on a machine that also does other work.
    minTime: 0.002,
  });
  benchmark.run();
  if (benchmark.error !== undefined) throw benchmark.error;
  return benchmark.stats.sample;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function asTable(rows: readonly CalendarRow[]): string {
  const header = ['pending', 'increments', 'timing wheel', 'PriorityQueue', 'ratio'];
  const body = rows.map((row) => [
    row.pending.toLocaleString('en'),
    row.increments,
    significant(row.timingWheel / 1e6),
    significant(row.priorityQueue / 1e6),
    `${significant(row.ratio)}×`,
  ]);
  return `Event calendar, million holds per second (median)\n${table(header, body, [0, 1])}`;
}

// `tsx bench/calendar.ts [--quick] [--json]`
if (process.argv[1]?.endsWith('calendar.ts')) {
  const rows = calendarRows({ quick: process.argv.includes('--quick') });
  console.log(process.argv.includes('--json') ? JSON.stringify(rows, null, 2) : asTable(rows));
}
