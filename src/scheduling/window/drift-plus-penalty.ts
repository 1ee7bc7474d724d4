import { z } from 'zod';
import { real } from '../../base/quantity.ts';
import { ladderOf } from '../hull.ts';
import { single } from '../optimal-plan.ts';
import { capacityOf } from '../served-model.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('drift-plus-penalty'),
  v: real({ min: 0, max: 1e12 })
    .default(10)
    .describe(
      'queries in line for a device at which all of the capacity is worth as much as all of the accuracy',
    ),
});

/**
 * Lyapunov's drift plus penalty (Neely, 2010), each model for itself: the cut with the least
 * V × (best accuracy − accuracy) − Q × capacity / largest capacity, Q being the queries in line for each device that holds the
 * model, so that V counts queries. Knows no rates. The larger V, the more accurate and the longer the lines.
 */
export const driftPlusPenalty: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'drift-plus-penalty',
  summary: 'weighs lost accuracy against the queries in line, without a forecast',
  schema,
  start: () => undefined,
  decide: (view, _state, { v }) => ({
    plan: view.models.map(({ model, waiting, devices }) => {
      const ladder = ladderOf(model);
      const best = model.cuts[ladder[0]!]!.accuracy;
      const most = capacityOf(model.cuts[ladder.at(-1)!]!);
      const weight = (cut: number) => {
        const { accuracy } = model.cuts[cut]!;
        return v * (best - accuracy) - ((waiting / devices.length) * capacityOf(model.cuts[cut]!)) / most;
      };
      return single(ladder.reduce((least, cut) => (weight(cut) < weight(least) ? cut : least)));
    }),
    state: undefined,
  }),
};
