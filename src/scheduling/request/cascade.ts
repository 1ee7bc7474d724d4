import { z } from 'zod';
import { real } from '../../base/quantity.ts';
import { mostAccurate } from '../optimal-plan.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({
  type: z.literal('cascade'),
  margin: real({ min: 0, max: 1 })
    .default(0.3)
    .describe('gap between the two largest class probabilities below which an answer is computed once more'),
});

/**
 * Answers that are not sure enough are computed once more with the most accurate cut, where time is left (as the tiers of
 * Tolerance Tiers, ISPASS 2019). The plan chooses the first cut: give it a fast one.
 */
export const cascade: RequestPolicy<z.output<typeof schema>> = {
  name: 'cascade',
  summary: 'unsure answers once more with the most accurate cut',
  schema,
  again({ now, model, query, cut, margin }, parameters) {
    if (margin === undefined || margin >= parameters.margin) return undefined;
    const { cuts } = model;
    const best = mostAccurate(model);
    return best === cut || now + cuts[best]!.latency > query.due ? undefined : best;
  },
};
