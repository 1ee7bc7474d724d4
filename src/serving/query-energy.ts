import { batchEnergy } from './batch-profile.ts';
import type { CutProfile } from './profile.ts';

/** A query and those next to it. Ticks. */
export interface Beside {
  readonly entered: number;
  readonly answered: number;
  /** Answer to the one before it. */
  readonly before: number;
  /** Entry of the one after it; Infinity where there was none. */
  readonly next: number;
}

/** Shares of a query's time for which the one before it and the one after it were computed too: 0 to 2. */
export function shareBeside({ entered, answered, before, next }: Beside): number {
  const time = answered - entered;
  if (!(time > 0)) return 0;
  const share = (ticks: number) => Math.min(1, Math.max(0, ticks / time));
  return share(before - entered) + share(answered - next);
}

/**
 * J of a query, leakage not included: between that of one alone and that of one of many on the line of `beside` (assumption: within
 * 2 % of the machine on the sample networks at any load). One of `batch` that entered together takes an equal part of theirs.
 */
export function queryEnergy(profile: CutProfile, beside: number, batch: number): number {
  const { energy, quiet, batches = [] } = profile;
  if (batch > 1) return batchEnergy(batches, batch, quiet?.energy ?? energy) / batch;
  if (quiet === undefined || quiet.beside === 0) return energy;
  return quiet.energy + (energy - quiet.energy) * Math.min(1, beside / quiet.beside);
}
