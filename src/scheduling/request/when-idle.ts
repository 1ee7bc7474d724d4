import { z } from 'zod';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('when-idle') });

/** The most accurate cut that answers in time for a query that finds nobody else in line and an idle device. */
export const whenIdle: RequestPolicy = {
  name: 'when-idle',
  summary: 'a more accurate cut than planned where nobody else waits and a device is idle',
  schema,
  cut({ now, model, planned, head, waiting, replicas }) {
    const idle = replicas.find(({ inFlight }) => inFlight === 0);
    if (waiting > 1 || idle === undefined) return planned;
    let best = planned;
    model.cuts.forEach(({ accuracy }, cut) => {
      if (accuracy > model.cuts[best]!.accuracy && now + idle.estimate(cut) <= head.due) best = cut;
    });
    return best;
  },
};
