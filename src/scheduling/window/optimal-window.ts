import { type Demand, optimalPlan } from '../optimal-plan.ts';
import { programmedPlan } from '../programmed-plan.ts';
import type { ModelWindow, Plan, WindowView } from './window-policy.ts';

/**
 * The optimal mix of all models' cuts for the demands of a window. Where weights are moved, a cut changes only if that pays
 * within the window, programming taken off it; what crossbars hold at the start was programmed before.
 */
export function optimalWindow(view: WindowView, demands: readonly Demand[]): Plan {
  const stations = view.stations.length;
  const charged = view.index > 0 && demands.some(({ model }) => model.switching !== undefined);
  return charged
    ? programmedPlan(demands, view.models.map(heldCut), stations, view.window)
    : optimalPlan(demands, stations);
}

/** The cut that most of the plan so far asks for: the one that crossbars hold. */
function heldCut({ plan: { mix } }: ModelWindow): number {
  return mix.reduce((most, one) => (one.share > most.share ? one : most)).cut;
}
