import { z } from 'zod';
import { choice, quantity, real } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('batch-poisson'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe(
    'mean queries per second, not batches',
  ),
  size: real({ min: 1, max: 1e6 }).default(8).describe('mean queries of a batch'),
  sizes: choice(['geometric', 'fixed']).default('geometric').describe('fixed: size is rounded'),
});
type Parameters = z.output<typeof schema>;

/**
 * Batches that come independently, their queries all at once. The variance-to-mean ratio of counts is E[B²] / E[B]: the size
 * where it is fixed, 2 · size − 1 where it is geometric.
 */
export const batchPoisson: LoadModel = {
  name: 'batch-poisson',
  summary: 'independent batches of queries',
  schema,
  open({ rate, ...written }: Parameters, random: RandomStream) {
    const fixed = written.sizes === 'fixed';
    const size = fixed ? Math.round(written.size) : written.size;
    const gap = size / rate;
    // P(B > n) = q^n.
    const logarithm = Math.log1p(-1 / size);
    const arrival = { time: 0 };
    let left = 0;
    return {
      kind: 'open',
      next() {
        if (left === 0) {
          arrival.time += gap * random.exponential();
          left = fixed || size === 1 ? size : 1 + Math.floor(Math.log(random.uniform()) / logarithm);
        }
        left -= 1;
        return arrival;
      },
    };
  },
  meanRate: ({ rate }: Parameters) => rate,
  /** Batches come more often, as large as they were. */
  scaled: (written: Parameters, factor) => ({ ...written, rate: factor * written.rate }),
};
