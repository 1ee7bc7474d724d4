import { workerData } from 'piscina';
import type { WorkerSetup } from './pool-crew.ts';
import { createWorker } from './worker-jobs.ts';

/** A thread of the accuracy pool. */
export default createWorker(workerData as WorkerSetup);
