import type { BatchProfile } from './batch-profile.ts';
import type { OverlapTable } from './overlap.ts';

/** What a device takes to compute the queries of a model, measured once by playing the machine. Times in ticks (ps). */
export interface ModelProfile {
  readonly name: string;
  /** In the order of the scenario. */
  readonly cuts: readonly CutProfile[];
}

export interface CutProfile {
  /** Partition, such as `prefix:3`. */
  readonly name: string;
  /** From the entry of a query to its answer on an idle device. */
  readonly latency: number;
  /** Between answers when queries never run out. */
  readonly interval: number;
  /** J of one query when queries never run out, leakage not included. */
  readonly energy: number;
  /** What one takes with fewer beside it; where left out, as much. */
  readonly quiet?: QuietEnergy | undefined;
  /** Queries in flight with which answers come as fast as ever. */
  readonly inFlight: number;
  /** What others that are computed beside it cost a query. */
  readonly overlap: OverlapTable;
  /** Several that enter together, by size, ascending; where none is measured, they follow each other at the pace of the cut. */
  readonly batches?: readonly BatchProfile[] | undefined;
  /** Stations that a query uses; none twice. */
  readonly visits: readonly Visit[];
}

/** Energy of a query that has cores and links for itself: tasks go to the nearest, not to the next that is idle. */
export interface QuietEnergy {
  /** J of one query on an idle device, leakage not included. */
  readonly energy: number;
  /** `shareBeside` of queries that never run out. */
  readonly beside: number;
}

/** The use of a station by a query. */
export interface Visit {
  readonly station: number;
  /** For which no other query can use the station: at full load the largest bounds the rate. */
  readonly work: number;
  /** Of a station that stands for what a cut of the model and its other cuts cost each other: that cut. */
  readonly beside?: number | undefined;
  /** Ticks that the query keeps the station busy, mean over its servers (see `Device.busy`): for its utilisation. As long as work where left out. */
  readonly busy?: number | undefined;
}
