import { Fault } from '../base/fault.ts';
import { doJob } from './crew.ts';
import { loadKernels } from './kernels.ts';
import type { WorkerAnswer, WorkerSetup, WorkerTask } from './pool-crew.ts';
import { buildStage, loweredOf } from './stage.ts';
import { StageThread } from './stage-thread.ts';

/** What a worker does with its tasks. It builds a stage at its first task and takes a region of the memory. */
export function createWorker({ context, data, module }: WorkerSetup): (task: WorkerTask) => WorkerAnswer {
  const lowered = loweredOf(context);
  let current = 0;
  let thread: StageThread | undefined;
  return (task) => {
    try {
      if (thread === undefined || current !== task.number) {
        const simulation = buildStage(context, lowered, task.stage);
        const region = Atomics.add(task.claimed, 0, 1);
        const regions = Math.round(
          (task.memory.buffer.byteLength - simulation.sharedBytes) / simulation.regionBytes,
        );
        if (region >= regions) throw new Error('more workers than regions of memory: one has died');
        const kernels = loadKernels({ memory: task.memory, module });
        thread = new StageThread(lowered, simulation, task.stage, kernels, region);
        current = task.number;
      }
      return doJob(thread, task.job, data);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { problem, cure } = error;
      return { fault: cure === undefined ? { problem } : { problem, cure } };
    }
  };
}
