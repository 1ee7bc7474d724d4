import { actionTable } from './hardware/action-table.ts';
import type { ArchitectureSpec } from './hardware/architecture.ts';
import { inventory } from './hardware/inventory.ts';
import { playSchedule } from './machine/machine.ts';
import { LastEntry, steadyInterval } from './machine/steady-pace.ts';
import { TICKS_PER_SECOND } from './machine/ticks.ts';
import { planChoices } from './mapping/build-schedule.ts';
import type { LoweredNetwork } from './mapping/lowered-network.ts';
import type { Partition } from './mapping/partition/partition.ts';
import type { Schedule } from './mapping/schedule.ts';
import { taskPolicies } from './scheduling/task/index.ts';

/** Inferences of a stream that is played to compare plans. */
const STREAM = 8;
/** Tasks, and streams, that are played to find the plan of one partition: a second or two at the most. */
const MOST_TASKS = 200_000;
const MOST_PLAYS = 12;

/**
 * The plan of a partition with the least interval between answers. Estimates of all plans (`planChoices`) are bounds that leave
 * waiting out, so the promising ones are played, the best estimate first: a stream of 8 inferences each, until no estimate
 * is below the least interval played, twelve streams are over, or 200,000 tasks have been played. Large networks, of which not even two streams can be
 * played in that, get the plan of the best estimate. The same input gives the same plan, whatever policy is
 * asked for later; Faults like `buildSchedule`.
 */
export function bestSchedule(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
): Schedule {
  const choices = planChoices(lowered, partition, spec);
  const first = choices[0]!;
  let best = { schedule: first.build(), interval: Infinity };
  const plays = Math.min(MOST_PLAYS, Math.floor(MOST_TASKS / (STREAM * first.tasks)));
  if (choices.length === 1 || plays < 2) return best.schedule;
  for (const choice of choices.slice(0, plays)) {
    // What buffers do not hold is played as if they did.
    if (choice.estimate >= best.interval || choice.fits !== first.fits) break;
    const schedule = choice === first ? best.schedule : choice.build();
    const interval = intervalOf(schedule, spec, choice.estimate);
    if (interval < best.interval) best = { schedule, interval };
  }
  return best.schedule;
}

/** s between answers of a stream. */
function intervalOf(schedule: Schedule, spec: ArchitectureSpec, load: number): number {
  const entry = new LastEntry(STREAM);
  const { period, completions } = playSchedule(schedule, spec, actionTable(inventory(spec)), {
    inferences: STREAM,
    taskPolicy: taskPolicies.parts[0]!,
    sink: entry,
  });
  const ticks =
    period === undefined
      ? steadyInterval(completions, entry.at, load * TICKS_PER_SECOND)
      : period.ticks / period.inferences;
  return ticks / TICKS_PER_SECOND;
}
