import { z } from 'zod';
import { real } from '../../base/quantity.ts';
import { hullOf, mixAt } from '../hull.ts';
import { mostAccurate } from '../optimal-plan.ts';
import type { ModelWindow, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('pi'),
  target: real({ above: 0, max: 1 })
    .default(0.8)
    .describe('p99 of the latency to hold, as a share of the deadline'),
  slowdown: real({ above: 1, max: 1e6 })
    .default(10)
    .describe(
      'of models without a deadline: p99 to hold, as a multiple of the latency of the most accurate cut',
    ),
  proportional: real({ min: 0, max: 10 })
    .default(0.2)
    .describe('way along all cuts for a change of the relative error by 1'),
  integral: real({ min: 0, max: 10 })
    .default(0.1)
    .describe('way along all cuts in a window for a relative error of 1'),
});
type Parameters = z.output<typeof schema>;

/** By model: place between the most accurate cut (0) and the fastest (1), and the error before. */
type State = readonly { readonly place: number; readonly error: number }[];

/**
 * A proportional-integral controller of each model's 99th percentile, in velocity form so that it does not wind up at the
 * ends; it moves along the concave hull of the cuts, mixing two neighbours. Gains and targets are our assumption.
 */
export const pi: WindowPolicy<Parameters, State> = {
  name: 'pi',
  summary: 'controller that holds the tail latency by moving between accurate and fast cuts',
  schema,
  start: (_parameters, models) => models.map(() => ({ place: 0, error: 0 })),
  decide(view, state, parameters) {
    const next = view.models.map((one, index) => {
      if (one.rates.length === 0) return state[index]!;
      const error = errorOf(one, parameters);
      const before = state[index]!;
      const step = parameters.proportional * (error - before.error) + parameters.integral * error;
      return { place: Math.min(1, Math.max(0, before.place + step)), error };
    });
    const plan = view.models.map(({ model }, index) => {
      const hull = hullOf(model);
      return mixAt(hull, next[index]!.place * (hull.length - 1));
    });
    return { plan, state: next };
  },
};

/** Share of the queries beyond the 99th percentile. */
const TAIL = 0.01;

/** How far the tail is above (positive) or below its target, relative, from −1 to 1. */
function errorOf(
  { model, p99, offered, dropped, waiting }: ModelWindow,
  { target, slowdown }: Parameters,
): number {
  // Queries given up are not among the answers, but in no time either.
  if (dropped > TAIL * offered) return 1;
  if (p99 === undefined) return waiting > 0 ? 1 : -1;
  const held =
    model.deadline < Number.POSITIVE_INFINITY
      ? target * model.deadline
      : slowdown * model.cuts[mostAccurate(model)]!.latency;
  return Math.min(1, Math.max(-1, p99 / held - 1));
}
