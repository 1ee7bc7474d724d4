import type { MeasuredOutcome } from './measured-interval.ts';

/** What came of serving a load under a policy. Plain data; times in s, energies in J. */
export interface ServingRun {
  /** From the start to the last answer (of closed loads: to the end). */
  readonly elapsed: number;
  /** For which queries came after the warm-up: to the end of the load, or to the last query where none was left. */
  readonly arriving: number;
  /** Until which nothing was counted. */
  readonly warmUp: number;
  readonly models: readonly ModelOutcome[];
  /** Of all models together. */
  readonly latency: LatencyOutcome | undefined;
  /** Of closed loads, warm-up included: from when a client sends its queries to the last answer of them. */
  readonly rounds: LatencyOutcome | undefined;
  /** By window, from the first. */
  readonly windows: readonly WindowOutcome[];
  /** J of queries and of programming, from the start. */
  readonly energy: { readonly queries: number; readonly programming: number };
  /** Over which rates, power and utilisation are taken. */
  readonly measured: MeasuredOutcome;
  /** Changes of plan between windows: of a model's cuts, and of its devices. */
  readonly switches: number;
  readonly moves: number;
  /** How often a replica's crossbars were programmed. */
  readonly programmings: number;
  /** By model: what Little's law compares, over the whole run: mean number in line, rate of joining, mean time in line. */
  readonly lines: readonly { readonly length: number; readonly rate: number; readonly wait: number }[];
  /** Things that happened in the simulation. */
  readonly events: number;
}

/** The queries of one model that came after the warm-up. */
export interface ModelOutcome {
  readonly name: string;
  readonly offered: number;
  readonly onTime: number;
  readonly late: number;
  readonly droppedFull: number;
  readonly droppedEarly: number;
  /** Neither answered nor dropped at the end. */
  readonly inFlight: number;
  readonly right: number;
  readonly rightOnTime: number;
  readonly expected: number;
  readonly expectedOnTime: number;
  readonly belowQuality: number;
  readonly again: number;
  readonly answersByCut: readonly number[];
  readonly latency: LatencyOutcome | undefined;
}

/** s; undefined of no answers. Percentiles to a thousandth. */
export interface LatencyOutcome {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly largest: number;
}

export interface WindowOutcome {
  /** s at which it began, and its length (the last may be shorter). */
  readonly start: number;
  readonly length: number;
  /** J of queries and of programming in it. */
  readonly energy: number;
  readonly models: readonly {
    readonly offered: number;
    readonly answered: number;
    readonly onTime: number;
    readonly dropped: number;
    readonly right: number;
    readonly expected: number;
    readonly p99: number | undefined;
    readonly waiting: number;
    readonly devices: number;
    /** Shares of the plan by cut. */
    readonly plan: readonly number[];
  }[];
}
