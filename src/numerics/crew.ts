import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { CellCurrents } from './cell-currents.ts';
import type { DriveCounts } from './drive-counts.ts';
import { createKernelMemory, loadKernels } from './kernels.ts';
import type { Magnitudes } from './magnitudes.ts';
import type { Simulation } from './simulation.ts';
import { buildStage, type RunContext, type Stage } from './stage.ts';
import type { SumCounts } from './sum-counts.ts';
import { StageThread, type Tally } from './stage-thread.ts';

/** The images of a run, as float32 [images][elements]. */
export interface RunData {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  readonly calibration: Float32Array;
}

/** A piece of work of a stage; any thread may do it, in any order, with the same result. */
export type Job =
  | { readonly kind: 'observe' | 'count' | 'drive' | 'tally'; readonly first: number; readonly count: number }
  | { readonly kind: 'program' | 'conduct'; readonly layer: number; readonly chip: number };

export interface JobResult {
  readonly magnitudes?: readonly Magnitudes[];
  readonly partialSums?: readonly (readonly SumCounts[])[];
  readonly drives?: readonly DriveCounts[];
  readonly currents?: CellCurrents;
  readonly tally?: Tally;
}

/** Threads that work on one stage after the other. */
export interface Crew {
  readonly threads: number;
  /** Turns to a stage: its memory is allocated and what all threads share is written. */
  begin(stage: Stage): Simulation;
  run(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

/** A crew of the calling thread alone, for a few images. */
export class LocalCrew implements Crew {
  readonly threads = 1;
  readonly #context: RunContext;
  readonly #lowered: LoweredNetwork;
  readonly #data: RunData;
  #thread: StageThread | undefined;

  constructor(context: RunContext, lowered: LoweredNetwork, data: RunData) {
    this.#context = context;
    this.#lowered = lowered;
    this.#data = data;
  }

  /** The thread that is at work. */
  get thread(): StageThread {
    if (this.#thread === undefined) throw new Error('no stage has begun');
    return this.#thread;
  }

  begin(stage: Stage): Simulation {
    const simulation = buildStage(this.#context, this.#lowered, stage);
    const bytes = simulation.bytes(1);
    const kernels = loadKernels({ memory: createKernelMemory(bytes, bytes) });
    this.#thread = new StageThread(this.#lowered, simulation, stage, kernels, 0);
    this.#thread.write();
    return simulation;
  }

  run(job: Job): Promise<JobResult> {
    return Promise.resolve(doJob(this.thread, job, this.#data));
  }

  close(): Promise<void> {
    this.#thread = undefined;
    return Promise.resolve();
  }
}

/** Programs every analog layer on all chips of the stage that has begun. */
export async function programAll(crew: Crew, simulation: Simulation): Promise<void> {
  const { first, slots } = simulation.setup.chips;
  const jobs: Promise<JobResult>[] = [];
  for (const layer of simulation.analog.keys()) {
    for (let chip = first; chip < first + slots; chip++)
      jobs.push(crew.run({ kind: 'program', layer, chip }));
  }
  await Promise.all(jobs);
}

/** Does a job on a thread. */
export function doJob(thread: StageThread, job: Job, { images, labels, calibration }: RunData): JobResult {
  if ('layer' in job) {
    if (job.kind === 'conduct') return { currents: thread.cellCurrents(job.layer, job.chip) };
    thread.program(job.layer, job.chip);
    return {};
  }
  const { first, count } = job;
  if (job.kind === 'observe') return { magnitudes: thread.observe(calibration, first, count) };
  if (job.kind === 'count') return { partialSums: thread.countPartialSums(calibration, first, count) };
  if (job.kind === 'drive') return { drives: thread.countDrives(calibration, first, count) };
  return { tally: thread.tally(images, labels, first, count) };
}
