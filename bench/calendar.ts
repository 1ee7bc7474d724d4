import Benchmark from 'benchmark';
import type { EventQueue } from '../src/engine/event-queue.ts';
import { ReferenceQueue } from '../src/engine/reference-queue.ts';
import { TimingWheel } from '../src/engine/timing-wheel.ts';
import { significant, table } from '../src/report/format.ts';

/** Holds (take the next event, schedule another) in one call of a measured function. */
const HOLDS = 20_000;

/**
 * Millions of holds per second of the timing wheel beside typescript-collections' PriorityQueue, at several
 * numbers of pending events: increments of 100 ns on average in ps ticks (exponential), and of a few ticks with
 * many ties.
 */
export async function calendarTable({ quick }: { quick: boolean }): Promise<string> {
  const rows: string[][] = [];
  for (const pending of quick ? [100, 10_000] : [100, 10_000, 1_000_000]) {
    for (const [name, increments] of Object.entries(INCREMENTS)) {
      const wheel = holdsPerSecond(new TimingWheel(), pending, increments, quick);
      const reference = holdsPerSecond(new ReferenceQueue(), pending, increments, quick);
      rows.push([
        pending.toLocaleString('en'),
        name,
        significant(wheel / 1e6),
        significant(reference / 1e6),
        `${significant(wheel / reference)}×`,
      ]);
    }
  }
  const header = ['pending', 'increments', 'timing wheel', 'PriorityQueue', 'ratio'];
  return `Event calendar, million holds per second (median)\n${table(header, rows, 2)}`;
}

const INCREMENTS = {
  'exponential, mean 100 ns': Int32Array.from({ length: 4096 }, (_, i) =>
    Math.ceil(-Math.log(1 - i / 4096) * 1e5),
  ),
  '1 … 16 ticks, ties': Int32Array.from({ length: 4096 }, (_, i) => 1 + (i % 16)),
};

function holdsPerSecond(queue: EventQueue, pending: number, increments: Int32Array, quick: boolean): number {
  let state = 12345;
  const next = () => increments[(state = (state * 48271) % 2147483647) & 4095]!;
  for (let index = 0; index < pending; index++) queue.push(next(), 0, index, 0);
  const run = () => {
    for (let hold = 0; hold < HOLDS; hold++) {
      queue.pop();
      queue.push(queue.time + next(), 0, queue.a, 0);
    }
  };
  // The first turn through all pending events warms the queue up.
  for (let done = 0; done < Math.min(pending, quick ? 20_000 : 1_000_000); done += HOLDS) run();
  const benchmark = new Benchmark(run, { maxTime: quick ? 0.2 : 1, minSamples: quick ? 3 : 9 });
  benchmark.run();
  const samples = [...benchmark.stats.sample].sort((a, b) => a - b);
  return HOLDS / samples[Math.floor(samples.length / 2)]!;
}

if (process.argv[1]?.endsWith('calendar.ts')) {
  console.log(await calendarTable({ quick: process.argv.includes('--quick') }));
}
