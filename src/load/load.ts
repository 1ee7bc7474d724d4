import type { z } from 'zod';
import type { RandomStream } from '../base/random-stream.ts';
import type { Part } from '../base/registry.ts';

/** What makes queries come: by itself, or as earlier ones are answered. */
export type Load = OpenLoad | ClosedLoad;

/** Queries come whether or not earlier ones are answered. */
export interface OpenLoad {
  readonly kind: 'open';
  /** The next query, none coming before the one before it; undefined when no more come. The object may be reused. */
  next(): Arrival | undefined;
}

/**
 * So many clients, each of which waits for its answer, thinks and asks again; after a drop no sooner than the latency of the
 * fastest cut of its model.
 */
export interface ClosedLoad {
  readonly kind: 'closed';
  readonly clients: number;
  /** s that a client thinks before its next query; also before its first. */
  think(): number;
  /** Queries that a client sends at once, answered when the last of them is; 1 where not said. */
  readonly together?: number;
}

/** A query at the door. */
export interface Arrival {
  /** s from the start of the run. */
  readonly time: number;
  /** Name of its model, where the load decides it and not the mix of the scenario. */
  readonly model?: string | undefined;
  /** s after `time` by which its answer is due, where the load decides it. */
  readonly deadline?: number | undefined;
  /** Least accuracy that it asks for, 0 to 1, where the load says one. */
  readonly quality?: number | undefined;
}

/** A law by which queries arrive: one file in this folder, one line in `index.ts`. */
export interface LoadModel extends Part {
  /** Strict object whose `type` is the name. Rates in queries per second, times in s. */
  readonly schema: z.ZodType;
  /** Starts a run; everything random comes from `random`. */
  open(parameters: never, random: RandomStream): Load;
  /** Queries that come at one time and all want an answer: so many may wait where a scenario does not say how many. */
  atOnce?(parameters: never): number;
  /** Mean queries per second over so many seconds from the start, where a formula gives it. */
  meanRate?(parameters: never, seconds: number): number | undefined;
  /**
   * The load with `factor` times the rate at every time: what it does when, and how bursty it is, stay. Left out where no rate is
   * given: clients wait for their answers, or all queries come at once.
   */
  scaled?(parameters: never, factor: number): ScaledLoad;
}

/** Parameters of a load, of this law or of another. */
export type ScaledLoad = { readonly type: string } & Readonly<Record<string, unknown>>;
