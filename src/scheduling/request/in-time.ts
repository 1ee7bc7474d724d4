import { z } from 'zod';
import { fastest } from '../optimal-plan.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('in-time') });

/**
 * The planned cut where it answers in time and is accurate enough for the query; else the most accurate cut that answers in
 * time; else the one with the most capacity.
 */
export const inTime: RequestPolicy = {
  name: 'in-time',
  summary: 'a faster cut where the planned one would be late',
  schema,
  cut({ now, model, planned, head, replicas }) {
    const room = replicas.filter(({ inFlight, most }) => inFlight < most);
    const meets = (cut: number) => room.some((replica) => now + replica.estimate(cut) <= head.due);
    const { cuts } = model;
    if (cuts[planned]!.accuracy >= head.quality && meets(planned)) return planned;
    let best = -1;
    cuts.forEach(({ accuracy }, cut) => {
      if ((best < 0 || accuracy > cuts[best]!.accuracy) && meets(cut)) best = cut;
    });
    return best < 0 ? fastest(model) : best;
  },
};
