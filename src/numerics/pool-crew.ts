import { Piscina } from 'piscina';
import { builtFile } from '../base/built-file.ts';
import { Fault } from '../base/fault.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Crew, Job, JobResult, RunData } from './crew.ts';
import {
  createKernelMemory,
  type KernelModule,
  kernelModule,
  loadKernels,
  type SharedKernelMemory,
} from './kernels.ts';
import type { Simulation } from './simulation.ts';
import { buildStage, type RunContext, type Stage } from './stage.ts';
import { StageThread } from './stage-thread.ts';

/** What a worker is given once. */
export interface WorkerSetup {
  readonly context: RunContext;
  readonly data: RunData;
  readonly module: KernelModule;
}

/** What a worker is given with every job: the stage in full, of which it remembers the last. */
export interface WorkerTask {
  readonly number: number;
  readonly stage: Stage;
  readonly memory: SharedKernelMemory;
  /** How many threads have taken a region of the memory. */
  readonly claimed: Int32Array;
  readonly job: Job;
}

/** A fault loses its fields on the way between threads, so it travels as plain data. */
export type WorkerAnswer = JobResult & {
  readonly fault?: { readonly problem: string; readonly cure?: string };
};

/**
 * A crew of worker threads over one shared memory: what threads share is written once, jobs carry numbers only.
 * When a worker dies or the signal aborts, every job fails with an error that says so.
 */
export class PoolCrew implements Crew {
  readonly threads: number;
  readonly #context: RunContext;
  readonly #lowered: LoweredNetwork;
  readonly #pool: Piscina;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => void this.close();
  #task: Omit<WorkerTask, 'job'> | undefined;

  constructor(
    context: RunContext,
    lowered: LoweredNetwork,
    data: RunData,
    threads: number,
    signal: AbortSignal | undefined,
  ) {
    this.threads = threads;
    this.#context = context;
    this.#lowered = lowered;
    this.#pool = new Piscina({
      filename: builtFile('worker.bundle.js', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      workerData: { context, data: sharedData(data), module: kernelModule() } satisfies WorkerSetup,
    });
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  begin(stage: Stage): Simulation {
    const simulation = buildStage(this.#context, this.#lowered, stage);
    const bytes = simulation.bytes(this.threads);
    const memory = createKernelMemory(bytes, bytes);
    // The first region is free until jobs begin.
    new StageThread(this.#lowered, simulation, stage, loadKernels({ memory }), 0).write();
    const claimed = new Int32Array(new SharedArrayBuffer(4));
    this.#task = { number: (this.#task?.number ?? 0) + 1, stage, memory, claimed };
    return simulation;
  }

  async run(job: Job): Promise<JobResult> {
    if (this.#task === undefined) throw new Error('no stage has begun');
    let answer: WorkerAnswer;
    try {
      answer = (await this.#pool.run({ ...this.#task, job } satisfies WorkerTask)) as WorkerAnswer;
    } catch (error) {
      if (this.#signal?.aborted)
        throw new Error('the accuracy run was aborted', { cause: this.#signal.reason });
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`a worker of the accuracy run failed: ${message}`, { cause: error });
    }
    if (answer.fault !== undefined) throw new Fault(answer.fault.problem, { cure: answer.fault.cure });
    return answer;
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#pool.destroy();
  }
}

/** The same data where all threads see it, copied only if it is not there already. */
function sharedData(data: RunData): RunData {
  return {
    images: sharedFloats(data.images),
    labels: data.labels.buffer instanceof SharedArrayBuffer ? data.labels : sharedBytes(data.labels),
    calibration: sharedFloats(data.calibration),
  };
}

function sharedFloats(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function sharedBytes(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
