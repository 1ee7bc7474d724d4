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
    replicas.forEach((replica, index) => {
      if (replica.inFlight >= replica.most) return;
      const estimate = replica.estimate(planned);
      if (best >= 0 && estimate >= soonest) return;
      best = index;
      soonest = estimate;
    });
    return best;
  },
};
