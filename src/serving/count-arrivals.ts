import { loadModels } from '../load/index.ts';
import { RandomStream } from '../base/random-stream.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import type { ArrivalCounts } from '../scheduling/bound.ts';
import { ArrivalFeed } from './arrival-feed.ts';
import type { RunJob } from './run-job.ts';
import { STREAM } from './server.ts';
import type { ServingSystem } from './serving-system.ts';

/** Stretches of time into which arrivals are counted. */
const STRETCHES = 512;

/** The queries that a run will bring after its warm-up, counted in stretches of time; undefined of closed loads. */
export function countArrivals(
  system: ServingSystem,
  { load, seed, replication }: Omit<RunJob, 'policy'>,
): ArrivalCounts | undefined {
  const opened = loadModels
    .get(load.load.type)
    .open(load.load as never, new RandomStream(seed, STREAM.load, replication));
  if (opened.kind === 'closed') return undefined;
  const models = new RandomStream(seed, STREAM.models, replication);
  const bounds = { queries: load.queries, end: Math.round(load.duration * TICKS_PER_SECOND) };
  const feed = new ArrivalFeed(opened, system.models, system.shares, models, bounds);
  const length = (load.duration - load.warmUp) / STRETCHES;
  const counts: number[][] = [];
  for (; feed.tick !== Number.POSITIVE_INFINITY; feed.next()) {
    const at = (feed.tick / TICKS_PER_SECOND - load.warmUp) / length;
    if (at < 0) continue;
    const stretch = Math.floor(at);
    while (counts.length <= stretch) counts.push(system.models.map(() => 0));
    const count = counts[stretch]!;
    count[feed.model] = count[feed.model]! + 1;
  }
  return { length, counts };
}
