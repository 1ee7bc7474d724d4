import { workerData } from 'piscina';
import { Fault } from '../base/fault.ts';
import { atHighestRate } from './highest-rate.ts';
import type { RunAnswer, RunTask } from './run-jobs.ts';
import { serverOf } from './run-job.ts';
import { settlingTime } from './settling-time.ts';
import type { ServingSystem } from './serving-system.ts';

const system = workerData as ServingSystem;

/** A thread that plays runs of one system, or looks for their warm-up. */
export default function play({ job, settle }: RunTask): RunAnswer {
  try {
    if (settle === true) return { settled: settlingTime(system, job) };
    const server = serverOf(system, job.load.load.type === 'server' ? atHighestRate(system, job) : job);
    while (!server.advance(1e6));
    return { run: server.result() };
  } catch (error) {
    // A fault loses its fields on the way between threads.
    if (!(error instanceof Fault)) throw error;
    const { problem, cure } = error;
    return { fault: { problem, ...(cure === undefined ? {} : { cure }) } };
  }
}
