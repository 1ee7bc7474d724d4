import { z } from 'zod';
import { flag, integer, real } from '../../base/quantity.ts';
import { betterPlacement } from '../better-placement.ts';
import type { Demand } from '../optimal-plan.ts';
import { optimalWindow } from './optimal-window.ts';
import type { WindowPolicy } from './window-policy.ts';

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
 * whose variants are whole models). What waits counts as demand. On request it also moves replicas.
 */
export const optimum: WindowPolicy<z.output<typeof schema>, undefined> = {
  name: 'optimum',
  summary: 'linear program over models and cuts for the rates of the last window',
  schema,
  start: () => undefined,
  decide(view, _state, { headroom, moves, horizon }) {
    const demands = view.models.map(({ model, rates, waiting, devices }): Demand => {
      return { model, rate: (1 + headroom) * (rates.at(-1) ?? 0) + waiting / view.window, devices };
    });
    const move = moves
      ? betterPlacement(demands, view.devices, view.stations.length, horizon * view.window)
      : undefined;
    return {
      plan: optimalWindow(view, demands).map((one, index) =>
        index === move?.model ? { ...one, devices: move.devices } : one,
      ),
      state: undefined,
    };
  },
};
