import { z } from 'zod';
import { integer, real } from '../../base/quantity.ts';
import type { DispatchView, RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({
  type: z.literal('deadline-batch'),
  most: integer({ min: 1, max: 65536 }).default(32),
  margin: real({ min: 0, max: 1 }).default(0.1).describe('of the deadline, kept free'),
});

/**
 * Waits for a larger batch as long as the first query would still be in time, and never makes a batch so large that it would
 * be late (after the adaptive batching of Proteus, ASPLOS 2024).
 */
export const deadlineBatch: RequestPolicy<z.output<typeof schema>> = {
  name: 'deadline-batch',
  summary: 'the largest batch with which the first query is in time, waiting for it',
  schema,
  batch(view, cut, { most, margin }) {
    const { now, model, head, waiting, ended } = view;
    const { interval } = model.cuts[cut]!;
    const spare = head.due - margin * (head.due - head.arrival) - now - soonest(view, cut);
    if (!(spare > 0) || spare === Number.POSITIVE_INFINITY) return { size: Math.min(most, waiting) };
    // The answers of a batch come one interval after the other.
    const fits = Math.max(1, Math.min(most, 1 + Math.floor(spare / interval)));
    if (waiting >= fits || ended) return { size: fits };
    const until = now + spare - (waiting - 1) * interval;
    return until <= now ? { size: waiting } : { size: 0, until };
  },
};

function soonest({ replicas }: DispatchView, cut: number): number {
  return replicas.reduce(
    (least, one) => (one.inFlight < one.most ? Math.min(least, one.estimate(cut)) : least),
    Number.POSITIVE_INFINITY,
  );
}
