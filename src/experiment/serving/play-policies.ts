import { mean } from '../../base/statistics.ts';
import type { PlayedRun } from './load-sweep.ts';
import { windowPolicies } from '../../scheduling/window/index.ts';
import { figuresOfRun } from '../../serving/run-figures.ts';
import type { LoadChoice, PolicyChoice, RunJob } from '../../serving/run-job.ts';
import { playRuns, type RunOptions } from '../../serving/run-jobs.ts';
import type { ServingSystem } from '../../serving/serving-system.ts';

/** What is played: every policy on every load, so many times. */
export interface PlayRequest extends RunOptions {
  readonly policies: readonly PolicyChoice[];
  /** The first one is played in full; of the others windows are not kept. */
  readonly loads: readonly LoadChoice[];
  readonly replications: number;
  readonly seed: number;
}

/** Runs of a policy on a load, one a replication, and the parameters that they were played with. */
export interface PolicyRuns {
  readonly policy: PolicyChoice;
  readonly runs: readonly PlayedRun[];
}

/**
 * Plays policies on loads, all with the same arrivals, questions and chips: runs by policy and load. Of a policy that is to be
 * tried with several parameters the ones with the most right answers in time count, on each load for itself.
 */
export async function playPolicies(
  system: ServingSystem,
  request: PlayRequest,
): Promise<(policy: number, load: number) => PolicyRuns> {
  const { loads, policies, replications, seed } = request;
  const trials = policies.flatMap((policy, of) =>
    trialsOf(policy, system).map((trial) => ({ of, policy: trial })),
  );
  const jobs = loads.flatMap((load) =>
    trials.flatMap(({ policy }) =>
      Array.from({ length: replications }, (_, replication): RunJob => ({ load, policy, seed, replication })),
    ),
  );
  const played = await playRuns(system, jobs, request, (run, job): PlayedRun => ({
    run: jobs[job]!.load === loads[0] ? run : { ...run, windows: [] },
    figures: figuresOfRun(run, system.devices, system.leakage),
  }));
  const runsOf = (trial: number, load: number) => {
    const from = (load * trials.length + trial) * replications;
    return played.slice(from, from + replications);
  };
  return (wanted, load) => {
    let best: PolicyRuns | undefined;
    trials.forEach(({ of, policy }, trial) => {
      if (of !== wanted) return;
      const one = { policy, runs: runsOf(trial, load) };
      if (best === undefined || rightInTime(one) > rightInTime(best)) best = one;
    });
    return best!;
  };
}

function rightInTime({ runs }: PolicyRuns): number {
  return mean(runs.map(({ figures }) => figures.accuracyGoodput));
}

/** A policy with each of the parameters that it is to be tried with. */
function trialsOf(choice: PolicyChoice, { models }: ServingSystem): readonly PolicyChoice[] {
  const policy = windowPolicies.get(choice.window.type);
  if (policy.trials === undefined) return [choice];
  const windows = policy.trials(choice.window as never, models) as readonly PolicyChoice['window'][];
  return windows.map((window) => ({ ...choice, window }));
}
