import { z } from 'zod';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('early-drop') });

/** Gives up queries that not even the cut with the earliest answer could answer in time (early drop of Nexus, SOSP 2019). */
export const earlyDrop: RequestPolicy = {
  name: 'early-drop',
  summary: 'queries are given up that cannot be in time any more',
  schema,
  drop({ now, model, head, replicas }) {
    const room = replicas.filter(({ inFlight, most }) => inFlight < most);
    return room.every((replica) => model.cuts.every((_, cut) => now + replica.estimate(cut) > head.due));
  },
};
