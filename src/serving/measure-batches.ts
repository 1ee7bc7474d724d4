import { Fleet } from '../machine/fleet.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { BatchProfile } from './batch-profile.ts';
import { EnergySum } from './energy-sum.ts';
import type { MeasureOptions } from './measure-options.ts';

/** Sizes of batches that are measured: each up to 16, as one more query may shift which core takes what of all others, then some. */
const SIZES = [...Array.from({ length: 15 }, (_, at) => at + 2), 24, 32];

/** Those of the sizes from which batches of up to so many queries are told: all where nothing bounds them. */
export function batchSizes(most: number): readonly number[] {
  const last = SIZES.findIndex((size) => size >= most);
  return last < 0 ? SIZES : SIZES.slice(0, last + 1);
}

/** Plays batches of a cut on an idle chip, of each of the sizes (ascending). */
export async function measureBatches(
  schedule: Schedule,
  sizes: readonly number[],
  { spec, table, taskPolicy, onPiece }: MeasureOptions,
): Promise<readonly BatchProfile[]> {
  const batches: BatchProfile[] = [];
  for (const size of sizes) {
    const sink = new EnergySum(table);
    const fleet = new Fleet([schedule], spec, table, { taskPolicy, sink });
    for (let query = 0; query < size; query++) fleet.release(0, 0);
    const answers: number[] = [];
    // Beyond the last answer too: work that no answer needs is paid as well.
    for (let answer = fleet.nextAnswer(NEVER); answer !== undefined; answer = fleet.nextAnswer(NEVER)) {
      answers.push(answer.tick);
      await onPiece();
    }
    batches.push({ size, answers, energy: sink.total });
  }
  return batches;
}

const NEVER = Number.MAX_SAFE_INTEGER;
