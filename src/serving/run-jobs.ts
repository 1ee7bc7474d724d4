import { Piscina } from 'piscina';
import { builtFile } from '../base/built-file.ts';
import { Fault } from '../base/fault.ts';
import type { RunJob } from './run-job.ts';
import type { ServingRun } from './serving-run.ts';
import type { ServingSystem } from './serving-system.ts';

/** What a worker is given with each run. */
export interface RunTask {
  readonly job: RunJob;
}

export type RunAnswer =
  | { readonly run: ServingRun; readonly fault?: undefined }
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
  { workers, signal, onProgress }: RunOptions,
  kept: (run: ServingRun, job: number) => Kept,
): Promise<readonly Kept[]> {
  signal?.throwIfAborted();
  const threads = Math.max(1, Math.min(workers, jobs.length));
  const pool = new Piscina({
    filename: builtFile('run-worker.js', import.meta.url).href,
    ...{ minThreads: threads, maxThreads: threads, workerData: system },
  });
  const onAbort = () => void pool.destroy();
  signal?.addEventListener('abort', onAbort);
  let done = 0;
  try {
    return await Promise.all(
      jobs.map(async (job, number) => {
        const answer = (await pool.run({ job } satisfies RunTask)) as RunAnswer;
        if (answer.fault !== undefined) throw new Fault(answer.fault.problem, { cure: answer.fault.cure });
        onProgress?.(++done, jobs.length);
        return kept(answer.run, number);
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
