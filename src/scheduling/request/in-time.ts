import { z } from 'zod';
import { choice } from '../../base/quantity.ts';
import { fastest } from '../optimal-plan.ts';
import type { DispatchView, RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({
  type: z.literal('in-time'),
  prefer: choice(['planned', 'accurate'])
    .default('planned')
    .describe('of the cuts that answer in time: the planned one, or always the most accurate'),
});

/**
 * The planned cut where it answers in time and is accurate enough for the query; else, or always where preferred, the most
 * accurate cut that answers in time; where none does, the one with the most capacity.
 */
export const inTime: RequestPolicy<z.output<typeof schema>> = {
  name: 'in-time',
  summary: 'a faster cut where the planned one would be late',
  schema,
  cut(view, { prefer }) {
    const { cuts } = view.model;
    const { planned, head } = view;
    if (prefer === 'planned' && cuts[planned]!.accuracy >= head.quality && answersInTime(view, planned))
      return planned;
    let best = -1;
    for (let cut = 0; cut < cuts.length; cut++) {
      if (best >= 0 && cuts[cut]!.accuracy <= cuts[best]!.accuracy) continue;
      if (answersInTime(view, cut)) best = cut;
    }
    return best < 0 ? fastest(view.model) : best;
  },
};

/** Whether some replica with room would answer the head of the line in time. */
export function answersInTime({ now, head, replicas }: DispatchView, cut: number): boolean {
  for (const replica of replicas)
    if (replica.inFlight < replica.most && now + replica.estimate(cut) <= head.due) return true;
  return false;
}
