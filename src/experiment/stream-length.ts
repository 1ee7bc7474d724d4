import { setImmediate } from 'node:timers/promises';
import { batchOf, streamLength } from '../machine/batches.ts';
import { playInPieces } from '../machine/machine.ts';
import { Entries, steadyLength } from '../machine/steady-pace.ts';
import type { Plays } from './studied-schedule.ts';

/** Inferences of a stream, unless told otherwise. */
const INFERENCES = 32;
/** Tasks of a stream that is played to see how long one has to be, and of that one: a second or so. */
const TASKS = 200_000;

/**
 * Inferences of the stream that shows the pace of a schedule: as many as asked for, in whole batches where parts take turns. Where
 * nobody asked, 32; more where so many are in flight at once that these do not show it (`steadyLength`) and it does not take long.
 */
export async function inferencesPlayed(
  {
    schedule,
    spec,
    table,
    taskPolicy,
    signal,
  }: Pick<Plays, 'schedule' | 'spec' | 'table' | 'taskPolicy' | 'signal'>,
  asked: number | undefined,
): Promise<number> {
  const batch = batchOf(schedule, spec);
  if (asked !== undefined || batch !== undefined) return streamLength(asked ?? INFERENCES, batch);
  const tasks = schedule.stages.reduce((sum, stage) => sum + stage.tasks, 0);
  if (INFERENCES * tasks > TASKS) return INFERENCES;
  const sink = new Entries(INFERENCES);
  const options = { inferences: INFERENCES, taskPolicy, sink };
  const { period, completions } = await playInPieces(schedule, spec, table, options, async () => {
    await setImmediate();
    signal?.throwIfAborted();
  });
  if (period !== undefined) return INFERENCES;
  const enough = steadyLength({ entries: sink.at, completions });
  return Math.max(INFERENCES, Math.min(enough, Math.floor(TASKS / tasks)));
}
