import { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({
  type: z.literal('aimd'),
  step: real({ above: 0, max: 1000 })
    .default(1)
    .describe('by which the batch grows after one that was in time'),
  factor: real({ above: 0, below: 1 }).default(0.9).describe('by which it shrinks after one that was late'),
  most: integer({ min: 1, max: 65536 }).default(32),
  wait: quantity('s', { min: 0, max: 9000 })
    .default(0)
    .describe('longest time that a query waits for others to fill the batch'),
});

/** Additive increase, multiplicative decrease of the batch size by what is late, and delayed batches (Clipper, NSDI 2017). */
export const aimd: RequestPolicy<z.output<typeof schema>, number> = {
  name: 'aimd',
  summary: 'batches grow while answers are in time and shrink when one is late',
  schema,
  start: () => 1,
  batch({ now, head, waiting, ended }, _cut, { wait }, most) {
    const size = Math.floor(most);
    const until = head.arrival + wait;
    return waiting >= size || ended || now >= until ? { size } : { size: 0, until };
  },
  learn({ late, batch }, { step, factor, most }, size) {
    // Each answer of a batch counts its part of one step.
    return late ? Math.max(1, size * factor ** (1 / batch)) : Math.min(most, size + step / batch);
  },
};
