import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';
import type { ServedModel } from '../served-model.ts';

/**
 * The upper level of the two-level scheduler: at the start of every window of time it plans for each model which cuts
 * its queries run with. Pure: what it remembers is the state that it returns. One file each, one line in `index.ts`.
 */
export interface WindowPolicy<Parameters = never, State = unknown> extends Part {
  /** Strict object whose `type` is the name; every key with a default, so that the name alone is enough. */
  readonly schema: z.ZodType;
  /** True where it is told what will come: a bound to compare with, not a scheduler. */
  readonly clairvoyant?: true;
  /** Of an oracle: parameters that are all played, of which those with the most right answers in time count. */
  trials?(parameters: Parameters, models: readonly ServedModel[]): readonly Parameters[];
  /** State before the first window. */
  start(parameters: Parameters, models: readonly ServedModel[]): State;
  /** The plan of the window that begins, one entry a model, and the state for the next. */
  decide(
    view: WindowView,
    state: State,
    parameters: Parameters,
  ): { readonly plan: Plan; readonly state: State };
}

/** For each model, in the order of the view. */
export type Plan = readonly ModelPlan[];

export interface ModelPlan {
  /** Cuts and the shares of queries that run with them: shares ≥ 0, normalised to add up to 1. */
  readonly mix: readonly { readonly cut: number; readonly share: number }[];
  /** Devices that shall hold the model from now on; left out: as before. Programming them takes its time and energy. */
  readonly devices?: readonly number[];
}

/** What the upper level sees when a window begins. Frozen. Times in s, rates in queries per second. */
export interface WindowView {
  readonly now: number;
  /** Length of a window. */
  readonly window: number;
  /** Number of the window that begins, from 0. */
  readonly index: number;
  /** Stations that each device has, by name: what `ServedCut.work` counts. */
  readonly stations: readonly string[];
  readonly devices: number;
  readonly models: readonly ModelWindow[];
}

/** One model in the window that ended (before the first window: all zero). */
export interface ModelWindow {
  readonly model: ServedModel;
  /** The plan so far. */
  readonly plan: ModelPlan;
  /** Devices that hold the model. */
  readonly devices: readonly number[];
  /** Queries that came, were answered, of those in time, and were dropped, in the window that ended. */
  readonly offered: number;
  readonly answered: number;
  readonly onTime: number;
  readonly dropped: number;
  /** 99th percentile of the latency of those answered; undefined where there were none. */
  readonly p99: number | undefined;
  /** Queries in line and on devices now. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Offered rates of the windows so far, oldest first, at most the last 64. */
  readonly rates: readonly number[];
  /** Offered rate of the window that begins; told to clairvoyant policies only. */
  readonly ahead: number | undefined;
}
