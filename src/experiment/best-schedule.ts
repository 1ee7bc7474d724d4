import { setImmediate } from 'node:timers/promises';
import { type ActionTable, actionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { inventory } from '../hardware/inventory.ts';
import { activitySinks } from '../machine/activity.ts';
import { playInPieces } from '../machine/machine.ts';
import { Entries, steadyInterval } from '../machine/steady-pace.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { type PlanChoice, planChoices, promising } from '../mapping/build-schedule.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { taskPolicies } from '../scheduling/task/index.ts';
import { EnergySum } from '../serving/energy-sum.ts';

/** How plans are played to compare them. */
interface Trial {
  /** Inferences of a stream, and of one that confirms what it showed. */
  readonly stream: number;
  readonly long: number;
  /** Streams at most, and tasks of all of them. */
  readonly plays: number;
  readonly tasks: number;
}

/**
 * A second at the most; or, for networks of which not even two such streams are within that, some seconds. Four plans beside the
 * plain one: the best of 24 was nearly always among them (samples on the chips of `arch/`), else within a few per cent.
 */
const TRIALS: readonly Trial[] = [
  { stream: 8, long: 16, plays: 5, tasks: 200_000 },
  { stream: 3, long: 3, plays: 3, tasks: 1_500_000 },
];
/** What the interval must gain for another plan, and how often what it costs in energy. */
const LEAST_GAIN = 0.01;
const GAIN_PER_ENERGY = 2;

/** What a stream showed of a plan. */
interface Played {
  /** s between answers. */
  readonly interval: number;
  /** J per inference, leakage over the interval included. */
  readonly energy: number;
}

/**
 * The plan of a partition: the plain one, unless another has been seen to be better (`better`). Estimates of all plans
 * (`planChoices`) are bounds that leave waiting out, so the plain plan and the promising ones are played, the best estimate first:
 * a stream of 8 inferences each, until no estimate promises more, five streams are over, or 200,000 tasks have been
 * played. A plan that the buffers hold is better than any that they do not. How a short stream ends may mislead: what won is
 * played against the plain plan once more, for 16 inferences.
 * Of larger networks up to three plans are played, for 3 inferences each; of those that take more than 1,500,000 tasks to play, none
 * (`promising`). The same input gives the same plan, whatever policy is asked for later; Faults like `buildSchedule`. Ends with
 * the reason of `signal`.
 */
export async function bestSchedule(
  lowered: LoweredNetwork,
  partition: Partition,
  spec: ArchitectureSpec,
  signal?: AbortSignal,
): Promise<Schedule> {
  const choices = planChoices(lowered, partition, spec);
  const [plain, ...others] = choices;
  const playsOf = ({ stream, plays, tasks }: Trial) =>
    Math.min(plays, Math.floor(tasks / (stream * plain.tasks)));
  const trial = TRIALS.find((one) => playsOf(one) >= 2);
  if (others.length === 0 || trial === undefined) return promising(choices).build();
  const table = actionTable(inventory(spec));
  const played = ({ estimate }: PlanChoice, schedule: Schedule, inferences: number) =>
    play(schedule, spec, table, { load: estimate, inferences, signal });

  const schedule = plain.build();
  const short = await played(plain, schedule, trial.stream);
  let best = { choice: plain, schedule, ...short };
  for (const choice of others.slice(0, playsOf(trial) - 1)) {
    // What buffers do not hold is played as if they did: it beats nothing that they hold.
    const fitsFirst = choice.fits && !best.choice.fits;
    if (!fitsFirst && choice.estimate >= (1 - LEAST_GAIN) * best.interval) break;
    if (best.choice.fits && !choice.fits) break;
    const schedule = choice.build();
    const found = await played(choice, schedule, trial.stream);
    const beatsPlain = choice.fits !== plain.fits || better(found, short);
    if (fitsFirst || (beatsPlain && better(found, best))) best = { choice, schedule, ...found };
  }
  if (best.choice.fits !== plain.fits) return best.schedule;
  if (best.choice === plain || trial.long === trial.stream) return best.schedule;
  const confirmed = better(
    await played(best.choice, best.schedule, trial.long),
    await played(plain, schedule, trial.long),
  );
  return confirmed ? best.schedule : schedule;
}

/**
 * Whether one is more than a hundredth faster than another, and gains twice as much in time, in per cent, as it takes more
 * energy: copies that lie far from their inputs buy time with transfers.
 */
function better(one: Played, other: Played): boolean {
  const gain = 1 - one.interval / other.interval;
  return gain > Math.max(LEAST_GAIN, GAIN_PER_ENERGY * (one.energy / other.energy - 1));
}

interface Stream {
  /** s of an inference on the busiest unit. */
  readonly load: number;
  readonly inferences: number;
  readonly signal: AbortSignal | undefined;
}

async function play(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  { load, inferences, signal }: Stream,
): Promise<Played> {
  const entries = new Entries(inferences);
  const energy = new EnergySum(table);
  const sink = activitySinks([entries, energy]);
  const options = { inferences, taskPolicy: taskPolicies.parts[0]!, sink };
  const { period, completions } = await playInPieces(schedule, spec, table, options, async () => {
    await setImmediate();
    signal?.throwIfAborted();
  });
  const ticks =
    period === undefined
      ? steadyInterval({ entries: entries.at, completions }, load * TICKS_PER_SECOND)
      : period.ticks / period.inferences;
  const interval = ticks / TICKS_PER_SECOND;
  const leakage = table.components.reduce((sum, part) => sum + part.leakage * part.count, 0);
  return { interval, energy: energy.total / inferences + leakage * interval };
}
