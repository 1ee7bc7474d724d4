import { z } from 'zod';
import { answersInTime } from './in-time.ts';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('early-drop') });

/**
 * Gives up queries that no cut they may get would answer in time (early drop of Nexus, SOSP 2019): the planned one, or any where another
 * rule chooses.
 */
export const earlyDrop: RequestPolicy = {
  name: 'early-drop',
  summary: 'queries are given up that cannot be in time any more',
  schema,
  drop(view) {
    if (!view.choosesCut) return !answersInTime(view, view.planned);
    for (let cut = 0; cut < view.model.cuts.length; cut++) if (answersInTime(view, cut)) return false;
    return true;
  },
};
