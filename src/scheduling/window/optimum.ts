import { z } from 'zod';
import { flag, integer, real } from '../../base/quantity.ts';
import { betterPlacement } from '../better-placement.ts';
import { type Demand, optimalPlan } from '../optimal-plan.ts';
import { programmedPlan } from '../programmed-plan.ts';
import type { ModelWindow, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('optimum'),
  headroom: real({ min: 0, max: 10 })
    .default(0.05)
    .describe('capacity kept free, as a share of the last rate'),
  moves: flag().default(false).describe('whether models may move to other devices, one a window'),
  horizon: integer({ min: 1, max: 1e6 })
    .default(10)
    .describe('windows in which a move has to gain more right answers than programming costs'),
});

/**
 * The optimal mix of all models' cuts for the rates of the window that ended: a linear program (as in Proteus, ASPLOS 2024,
 * whose variants are whole models). What waits counts as demand. Where weights are moved, a cut changes only if that pays within the
 * window, programming taken off it. On request it also moves replicas.
 */
export const optimum: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'optimum',
  summary: 'linear program over models and cuts for the rates of the last window',
  schema,
  start: () => undefined,
  decide(view, _state, { headroom, moves, horizon }) {
    const stations = view.stations.length;
    const demands = view.models.map(({ model, rates, waiting, devices }): Demand => {
      return { model, rate: (1 + headroom) * (rates.at(-1) ?? 0) + waiting / view.window, devices };
    });
    const move = moves ? betterPlacement(demands, view.devices, stations, horizon * view.window) : undefined;
    // What crossbars hold at the start was programmed before.
    const charged = view.index > 0 && demands.some(({ model }) => model.switching !== undefined);
    const plan = charged
      ? programmedPlan(demands, view.models.map(heldCut), stations, view.window)
      : optimalPlan(demands, stations);
    return {
      plan: plan.map((one, index) => (index === move?.model ? { ...one, devices: move.devices } : one)),
      state: undefined,
    };
  },
};

/** The cut that most of the plan so far asks for: the one that crossbars hold. */
function heldCut({ plan: { mix } }: ModelWindow): number {
  return mix.reduce((most, one) => (one.share > most.share ? one : most)).cut;
}
