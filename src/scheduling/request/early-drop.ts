import { z } from 'zod';
import { answersInTime } from './in-time.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('early-drop') });

/** Gives up queries that not even the cut with the earliest answer could answer in time (early drop of Nexus, SOSP 2019). */
export const earlyDrop: RequestPolicy = {
  name: 'early-drop',
  summary: 'queries are given up that cannot be in time any more',
  schema,
  drop(view) {
    for (let cut = 0; cut < view.model.cuts.length; cut++) if (answersInTime(view, cut)) return false;
    return true;
  },
};
