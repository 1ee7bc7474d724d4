import type { ActionTable } from '../hardware/action-table.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { ChipLayout } from './trace-tracks.ts';

/** What a trace shows of a play. */
export interface TraceWindow {
  /** Ticks: activities that meet from ≤ t < to. */
  readonly from: number;
  readonly to: number;
  /** Most events in the file. */
  readonly limit: number;
}

/** Whose play it is. */
export interface TraceSubject {
  readonly kirchhoff: string;
  readonly architecture: string;
  readonly workload: string;
  readonly schedule: Schedule;
  /** Layer that is charged for each stage. */
  readonly layerOfStage: readonly string[];
  readonly inferences: number;
  readonly table: ActionTable;
  readonly layout: ChipLayout;
}

/** What a trace could not show. */
export interface TraceSummary {
  readonly events: number;
  readonly outsideWindow: number;
  readonly beyondLimit: number;
  /** Ticks: the first activity that is missing for want of room. */
  readonly missingFrom: number | undefined;
}
