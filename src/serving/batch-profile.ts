/** Queries of one cut that enter an idle device together, as the machine answers them. */
export interface BatchProfile {
  readonly size: number;
  /** Ticks from their entry to each answer, ascending. */
  readonly answers: readonly number[];
  /** J of all of them, leakage not included. */
  readonly energy: number;
}

/**
 * Ticks from the entry of a batch to its answer number `place` (0 the first): between measured sizes on the line between them, beyond
 * the largest one at the pace of its second half. `batches` by size, ascending.
 */
export function batchAnswer(batches: readonly BatchProfile[], size: number, place: number): number {
  const above = batches.findIndex((batch) => batch.size >= size);
  if (above < 0) return answerOf(batches.at(-1)!, place);
  const high = batches[above]!;
  const low = batches[above - 1];
  if (low === undefined || high.size === size) return answerOf(high, place);
  const part = (size - low.size) / (high.size - low.size);
  return (1 - part) * answerOf(low, place) + part * answerOf(high, place);
}

/** J of a batch: `single` of one query, else as measured, between sizes on the line between them. */
export function batchEnergy(batches: readonly BatchProfile[], size: number, single: number): number {
  let low = { size: 1, energy: single };
  let before = { size: 0, energy: 0 };
  for (const high of batches) {
    if (size <= low.size) break;
    before = low;
    low = high;
    if (size <= high.size) break;
  }
  const slope = (low.energy - before.energy) / (low.size - before.size);
  return low.energy + (size - low.size) * slope;
}

function answerOf({ answers }: BatchProfile, place: number): number {
  const last = answers.length - 1;
  if (place <= last) return answers[place]!;
  const half = last >> 1;
  return answers[last]! + ((place - last) * (answers[last]! - answers[half]!)) / (last - half);
}
