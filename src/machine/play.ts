import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import type { ActivitySink } from './activity.ts';
import type { Wait } from './waits.ts';

/** A play that is taken piece by piece, so that a program may do something else in between. */
export interface Play {
  /** Plays at most so many events; true when all is played. A Fault when time runs beyond what can be counted. */
  advance(events: number): boolean;
  /** Inferences whose answer is there. */
  readonly done: number;
  /** What came of it, once all is played. */
  result(): MachineRun;
}

/** What a run plays. */
export interface MachineOptions {
  /** Inferences that wait at the door from tick 0 on. */
  readonly inferences: number;
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
  /**
   * Inferences between which nothing changes are not played one by one (as long as the sink can repeat what it heard):
   * the result is the same. Default: true.
   */
  readonly fastForward?: boolean;
}

/** What came of it, in ticks (ps). */
export interface MachineRun {
  /** Tick at which each inference's answer was in memory. */
  readonly completions: Float64Array;
  /** Tick from which nothing goes on: work that no answer needs (rows that a pooling window leaves out) may end after it. */
  readonly elapsed: number;
  /** Events and tasks played: those of inferences passed over are not among them. */
  readonly events: number;
  readonly tasks: number;
  /** Inferences passed over because they repeat those before. */
  readonly repeated: number;
  /** The period with which inferences repeat, where that was found out: so many, in so many ticks. */
  readonly period: { readonly inferences: number; readonly ticks: number } | undefined;
  /** Who waited how long for what, and who held it. */
  readonly waits: readonly Wait[];
  /** Busy ticks and servers of every queued-for resource: busy ≤ elapsed × servers. */
  readonly occupancy: readonly {
    readonly resource: string;
    readonly busy: number;
    readonly servers: number;
  }[];
}
