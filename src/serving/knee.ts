import type { RunFigures } from './run-figures.ts';

/** Share of the queries that has to be in time for the 99th percentile of the latency to meet its deadline. */
const IN_TIME = 0.99;

/**
 * Power of a queueing system: answers per second for each second of mean latency (1/s²); undefined where nothing was answered
 * (L. Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979).
 */
export function kleinrockPower({ throughput, meanLatency }: RunFigures): number | undefined {
  return meanLatency === undefined || meanLatency === 0 ? undefined : throughput / meanLatency;
}

/**
 * The knee of load against latency: the load with the most power, the lower one of two alike; undefined where none has any. In M/G/1
 * one query is in the system on average there, which is at half the capacity in M/M/1, at 2 − √2 of it in M/D/1.
 */
export function kneeOf<Load>(
  points: readonly { readonly load: Load; readonly power: number | undefined }[],
): Load | undefined {
  let best: { readonly load: Load; readonly power: number } | undefined;
  for (const { load, power } of points)
    if (power !== undefined && power > (best?.power ?? 0)) best = { load, power };
  return best?.load;
}

/** How many queries of a model came in some runs, and what became of them. */
interface Counted {
  readonly offered: number;
  readonly onTime: number;
  readonly inFlight: number;
}

/**
 * Share of the queries that are answered in time, of the model with the least; those in flight at the end are left out, those dropped
 * are not in time. 1 where no query came.
 */
export function leastInTime(models: readonly Counted[]): number {
  const shares = models.map(({ offered, onTime, inFlight }) =>
    offered > inFlight ? onTime / (offered - inFlight) : 1,
  );
  return Math.min(1, ...shares);
}

/** Whether the 99th percentile meets its deadline, with dropped queries as answers that never come. */
export function meetsDeadline(inTime: number): boolean {
  return inTime >= IN_TIME;
}
