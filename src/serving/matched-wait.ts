import { type ObservedQuery, observed, OneCut } from './observed-queries.ts';
import { overlapClass, type OverlapTable } from './overlap.ts';
import { ProfileDevice } from './profile-device.ts';

/** A query waits where the one before it is answered a latency or more after it came. */
const WAITED = overlapClass(1);
/** How far, in intervals, and in how many halvings the table is moved. */
const FURTHEST = 0.5;
const STEPS = 14;

/**
 * A table of overlaps, moved where queries wait for those before them, by so much that in the mean the profile takes as
 * long as the machine for the same queries (`seen`) at a load near saturation: there a small error of the pace is a large one of the wait.
 */
export async function matchedToWait(
  table: OverlapTable,
  seen: readonly ObservedQuery[],
  { latency, interval, inFlight }: { latency: number; interval: number; inFlight: number },
): Promise<OverlapTable> {
  const arrivals = seen.map(({ arrival }) => arrival);
  const moved = (by: number): OverlapTable => ({
    mean: table.mean.map((row, ahead) => (ahead < WAITED ? row : row.map((ticks) => ticks + by))),
  });
  const time = (queries: readonly ObservedQuery[]) =>
    queries.reduce((sum, { arrival, answered }) => sum + answered - arrival, 0);
  const wanted = time(seen);
  const visits = [{ station: 0, work: 0 }];
  const replayed = async (by: number) => {
    const cut = { name: '', latency, interval, energy: 0, inFlight, overlap: moved(by), visits };
    const device = new ProfileDevice([{ name: '', cuts: [cut] }], 1);
    return time(await observed(new OneCut(device), arrivals, inFlight));
  };
  let [low, high] = [-FURTHEST * interval, FURTHEST * interval];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if ((await replayed(middle)) > wanted) high = middle;
    else low = middle;
  }
  return moved(Math.round((low + high) / 2));
}
