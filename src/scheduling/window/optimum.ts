import { z } from 'zod';
import { real } from '../../base/quantity.ts';
import { optimalPlan } from '../optimal-plan.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('optimum'),
  headroom: real({ min: 0, max: 10 })
    .default(0.05)
    .describe('capacity kept free, as a share of the last rate'),
});

/** The optimal mix of all models' cuts for the rates of the window that ended: a linear program (as in Proteus, ASPLOS 2024). */
export const optimum: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'optimum',
  summary: 'linear program over models and cuts for the rates of the last window',
  schema,
  start: () => undefined,
  decide: (view, _state, { headroom }) => ({
    plan: optimalPlan(
      view.models.map(({ model, rates, waiting, devices }) => ({
        model,
        rate: (1 + headroom) * (rates.at(-1) ?? 0) + waiting / view.window,
        devices,
      })),
      view.stations.length,
    ),
    state: undefined,
  }),
};
