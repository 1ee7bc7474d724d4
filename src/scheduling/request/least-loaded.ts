import { z } from 'zod';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('least-loaded') });

/** The replica with the earliest estimated answer of those that have room. */
export const leastLoaded: RequestPolicy = {
  name: 'least-loaded',
  summary: 'the device that would answer first',
  schema,
  route({ planned, replicas }) {
    let best = -1;
    let soonest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < replicas.length; index++) {
      const replica = replicas[index]!;
      if (replica.inFlight >= replica.most) continue;
      const estimate = replica.estimate(planned);
      if (best >= 0 && estimate >= soonest) continue;
      best = index;
      soonest = estimate;
    }
    return best;
  },
};
