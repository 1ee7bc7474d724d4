import { Piscina } from 'piscina';
import { builtFile } from '../base/built-file.ts';
import { Fault } from '../base/fault.ts';
import type { RunJob } from './run-job.ts';
import type { ServingRun } from './serving-run.ts';
import type { ServingSystem } from './serving-system.ts';

/** What a worker is given with each run. */
export interface RunTask {
  readonly job: RunJob;
  /** Whether only its warm-up is looked for. */
  readonly settle?: true;
}

export type RunAnswer =
  | { readonly run: ServingRun; readonly fault?: undefined }
  | { readonly settled: number | undefined; readonly fault?: undefined }
  | { readonly fault: { readonly problem: string; readonly cure?: string } };

/** How runs are spread over threads. */
export interface RunOptions {
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Runs that are over. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Plays runs of one system in worker threads, each run on one thread: what is `kept` of each, in the order of the jobs,
 * whatever the number of threads. A run that fails or an aborted signal ends all, and no thread stays.
 */
export async function playRuns<Kept>(
  system: ServingSystem,
  jobs: readonly RunJob[],
  options: RunOptions,
  kept: (run: ServingRun, job: number) => Kept,
): Promise<readonly Kept[]> {
  const tasks = jobs.map((job): RunTask => ({ job }));
  return inThreads(system, tasks, options, (answer, number) => {
    if (!('run' in answer)) throw new Error('a thread sent no run');
    return kept(answer.run, number);
  });
}

/** The warm-up of each run, s, by `settlingTime`; undefined of those that do not settle. */
export async function settlingTimes(
  system: ServingSystem,
  jobs: readonly RunJob[],
  options: RunOptions,
): Promise<readonly (number | undefined)[]> {
  const tasks = jobs.map((job): RunTask => ({ job, settle: true }));
  return inThreads(system, tasks, options, (answer) => ('settled' in answer ? answer.settled : undefined));
}

async function inThreads<Kept>(
  system: ServingSystem,
  tasks: readonly RunTask[],
  { workers, signal, onProgress }: RunOptions,
  kept: (answer: RunAnswer, task: number) => Kept,
): Promise<readonly Kept[]> {
  signal?.throwIfAborted();
  const threads = Math.max(1, Math.min(workers, tasks.length));
  const pool = new Piscina({
    filename: builtFile('run-worker.bundle.js', import.meta.url).href,
    ...{ minThreads: threads, maxThreads: threads, workerData: system },
  });
  const onAbort = () => void pool.destroy();
  signal?.addEventListener('abort', onAbort);
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task, number) => {
        const answer = (await pool.run(task)) as RunAnswer;
        if (answer.fault !== undefined) throw new Fault(answer.fault.problem, { cure: answer.fault.cure });
        onProgress?.(++done, tasks.length);
        return kept(answer, number);
      }),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await pool.destroy();
  }
}
