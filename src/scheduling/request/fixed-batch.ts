import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({
  type: z.literal('fixed-batch'),
  size: integer({ min: 1, max: 65536 }).default(8),
  wait: quantity('s', { min: 0, max: 9000 })
    .default(1e-3)
    .describe('longest time that a query waits for others'),
});

/** Batches of a size, or what is there when the first query has waited long enough. */
export const fixedBatch: RequestPolicy<z.output<typeof schema>> = {
  name: 'fixed-batch',
  summary: 'batches of a size, smaller ones after a wait',
  schema,
  batch({ now, head, waiting, ended }, _cut, { size, wait }) {
    const until = head.arrival + wait;
    return waiting >= size || ended || now >= until ? { size } : { size: 0, until };
  },
};
