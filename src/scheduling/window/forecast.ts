import { z } from 'zod';
import { flag, integer, real } from '../../base/quantity.ts';
import { expected, type Forecast, NO_FORECAST, observed } from '../forecast.ts';
import { accuracyOf, type Demand, optimalPlan } from '../optimal-plan.ts';
import type { ServedModel } from '../served-model.ts';
import { singleCutPlan } from '../single-cut-plan.ts';
import { tailLimit } from '../tail-limit.ts';
import type { ModelPlan, Plan, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('forecast'),
  smoothing: real({ above: 0, max: 1 }).default(0.7).describe('weight of the newest rate in the forecast'),
  trend: real({ min: 0, max: 1 })
    .default(0)
    .describe('weight of the newest trend (Holt); 0: a moving average (EWMA)'),
  headroom: real({ min: 0, max: 10 })
    .default(0.05)
    .describe('capacity kept free, as a share of the forecast'),
  percentile: real({ min: 0.5, below: 1 })
    .default(0.99)
    .describe('share of the queries that shall be in time'),
  variability: real({ min: 0, max: 1000 })
    .default(1)
    .describe('squared coefficient of variation of the gaps between queries; 1: Poisson'),
  hold: integer({ min: 0, max: 1000 })
    .default(1)
    .describe('windows for which a more accurate plan has to stay right before it is followed'),
  mix: flag().default(true).describe('whether a window may mix cuts; false: one cut a model'),
});
type Parameters = z.output<typeof schema>;

interface State {
  readonly forecasts: readonly Forecast[];
  readonly plan: Plan | undefined;
  /** By model: windows in a row in which a more accurate plan was right. */
  readonly better: readonly number[];
}

/**
 * The upper level of the two-level scheduler (after Kim et al., IEEE CAL 2026, who publish no rule: all of this is our
 * assumption): the most accurate cuts whose capacity covers the forecast demand, with head-room, and whose estimated tail
 * latency meets the deadline. What waits counts as demand of the window. To faster cuts at once, to more accurate ones
 * after they have been right for `hold` windows, and where programming costs anything, only if they gain more right answers in
 * as much time again than are lost meanwhile.
 */
export const forecast: WindowPolicy<Parameters, State> = {
  name: 'forecast',
  summary: 'two-level scheduler: the most accurate cuts that carry the forecast demand within the deadline',
  schema,
  start: (_parameters, models) => ({
    forecasts: models.map(() => NO_FORECAST),
    plan: undefined,
    better: models.map(() => 0),
  }),
  decide(view, state, parameters) {
    const { smoothing, trend, headroom, hold, mix } = parameters;
    const forecasts = view.models.map(({ rates }, index) => {
      const newest = rates.at(-1);
      return newest === undefined ? NO_FORECAST : observed(state.forecasts[index]!, newest, smoothing, trend);
    });
    const demands = view.models.map((one, index): Demand => ({
      model: one.model,
      rate: (1 + headroom) * expected(forecasts[index]!) + one.waiting / view.window,
      devices: one.devices,
    }));
    const limit = (cut: ServedModel['cuts'][number], model: ServedModel) =>
      tailLimit(cut, model, parameters.percentile, parameters.variability, 1);
    const mayMix = mix && demands.every(({ model }) => model.switching === undefined);
    const wanted = (mayMix ? optimalPlan : singleCutPlan)(demands, view.stations.length, limit);
    const better: number[] = [];
    const plan = wanted.map((one, index): ModelPlan => {
      const { model } = view.models[index]!;
      const before = state.plan?.[index];
      const more = before !== undefined && accuracyOf(one, model) > accuracyOf(before, model) + 1e-12;
      const pays = before !== undefined && gainOf(one, before, model, (hold + 1) * view.window) > 0;
      better[index] = more ? state.better[index]! + 1 : 0;
      return more && (better[index]! <= hold || !pays) ? before : one;
    });
    return { plan, state: { forecasts, plan, better } };
  },
};

/** Right answers, of those at one query per second, that a change of cut gains in a time (s) over those lost while it is programmed. */
function gainOf(one: ModelPlan, before: ModelPlan, model: ServedModel, time: number): number {
  const [to, from] = [one.mix[0]!.cut, before.mix[0]!.cut];
  const lost = (model.switching?.[from]?.[to] ?? 0) * accuracyOf(one, model);
  return (accuracyOf(one, model) - accuracyOf(before, model)) * time - lost;
}
