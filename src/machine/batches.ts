import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';

/** Inferences that each part of a network computes before the next is programmed; undefined where the crossbars hold it whole. */
export function batchOf({ parts }: Pick<Schedule, 'parts'>, spec: ArchitectureSpec): number | undefined {
  return parts.length === 0 ? undefined : spec.analogCore!.programming!.batch;
}

/**
 * At least so many inferences that show the pace: where parts take turns, whole batches, as many in the first half of the
 * stream as in the second.
 */
export function streamLength(inferences: number, batch: number | undefined): number {
  return batch === undefined ? inferences : 2 * batch * Math.ceil(inferences / (2 * batch));
}

/**
 * Ticks between answers where parts take turns: of the last batch from the end of the one before. Exact: a batch begins
 * when the answers of the one before are at the memory.
 */
export function batchInterval(completions: Float64Array, batch: number): number {
  const last = completions.length - 1;
  return (completions[last]! - completions[last - batch]!) / batch;
}
