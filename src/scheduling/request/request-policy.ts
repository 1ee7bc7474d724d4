import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';
import type { ServedModel } from '../served-model.ts';

/**
 * The lower level of the two-level scheduler: rules for single queries and batches, asked whenever a query comes, is
 * answered or a device has room. A policy gives the rules that it is about and leaves the others out; a scenario lists
 * several, and of each rule the last one that gives it counts. Pure: what a policy remembers (for each model) is the
 * state that `learn` returns. One file each, one line in `index.ts`.
 */
export interface RequestPolicy<Parameters = never, State = unknown> extends Part {
  /** Strict object whose `type` is the name; every key with a default, so that the name alone is enough. */
  readonly schema: z.ZodType;
  /** State before the first query of a model. */
  start?(parameters: Parameters, model: ServedModel): State;
  /** Who is served first: the query with the smallest number. Asked once, at arrival. Default: its arrival. */
  order?(query: QueryView, parameters: Parameters): number;
  /** Whether the query at the head of the line is given up instead of served. Default: never. */
  drop?(view: DispatchView, parameters: Parameters, state: State): boolean;
  /** Cut of the query at the head of the line, and of the batch that starts with it. Default: `view.planned`. */
  cut?(view: DispatchView, parameters: Parameters, state: State): number;
  /** Queries to start together now (at most what waits), or until when to wait for more. Default: one. */
  batch?(view: DispatchView, cut: number, parameters: Parameters, state: State): Batch;
  /** Which replica serves; an index of `view.replicas` that has room. Default: the fewest in flight, of equals the first. */
  route?(view: DispatchView, parameters: Parameters, state: State): number;
  /** Cut with which an answer is computed once more, or undefined where it stands. Default: it stands. */
  again?(view: AnswerView, parameters: Parameters, state: State): number | undefined;
  /** State after an answer. */
  learn?(view: AnswerView, parameters: Parameters, state: State): State;
}

/** So many queries now, or none now and another look at a time (s), or when the next one comes. */
export type Batch = { readonly size: number } | { readonly size: 0; readonly until?: number };

/** A query in line. Times in s from the start of the run. */
export interface QueryView {
  readonly arrival: number;
  /** When its answer is due; Infinity: never. */
  readonly due: number;
  /** Least accuracy that it asks for; 0: any. */
  readonly quality: number;
}

/** What the lower level sees when some device has room for a query that waits. Frozen; valid during the call only. */
export interface DispatchView {
  readonly now: number;
  readonly model: ServedModel;
  /** Cut that the plan of the window gives this query. */
  readonly planned: number;
  /** Whether a rule may give it another one; else it is served with that or not at all. */
  readonly choosesCut: boolean;
  /** The query at the head of the line. */
  readonly head: QueryView;
  /** Queries of the model in line, the head included. */
  readonly waiting: number;
  /** Whether more may come. */
  readonly ended: boolean;
  /** Devices that hold the model. */
  readonly replicas: readonly ReplicaView[];
}

export interface ReplicaView {
  readonly device: number;
  /** Queries of the model that it computes now, and with how many the planned cut leaves room for no more. */
  readonly inFlight: number;
  readonly most: number;
  /** s until a query that starts now with a cut has its answer there: an estimate from what is in flight. */
  estimate(cut: number): number;
}

/** An answer. */
export interface AnswerView {
  readonly now: number;
  readonly model: ServedModel;
  readonly query: QueryView;
  readonly cut: number;
  /** Queries that started together with it. */
  readonly batch: number;
  /** Whether it came after it was due. */
  readonly late: boolean;
  /** Gap between the two largest class probabilities of the answer, 0 to 1; undefined where not known. */
  readonly margin: number | undefined;
  /** Whether it is the answer of a second attempt already. */
  readonly again: boolean;
}
