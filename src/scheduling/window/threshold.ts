import { z } from 'zod';
import { integer, real } from '../../base/quantity.ts';
import { loadOfModel, stationLoads } from '../capacity.ts';
import { ladderOf } from '../hull.ts';
import { type Demand, single } from '../optimal-plan.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('threshold'),
  high: real({ above: 0, max: 10 })
    .default(0.9)
    .describe('load of its fullest station above which a model takes a faster cut'),
  low: real({ min: 0, max: 10 })
    .default(0.7)
    .describe('load with the next more accurate cut below which a model takes it'),
  hold: integer({ min: 0, max: 1000 })
    .default(1)
    .describe('windows between a change and the next more accurate cut'),
});
type Parameters = z.output<typeof schema>;

interface State {
  /** By model: place on its ladder of cuts, and windows since the last change. */
  readonly rungs: readonly number[];
  readonly since: readonly number[];
}

/**
 * Thresholds with hysteresis, each model for itself: one cut faster where the rate of the last window, and what waits, fills
 * a station too much; one more accurate where it would still have room. Other models are taken to go on as they are.
 */
export const threshold: WindowPolicy<Parameters, State> = {
  name: 'threshold',
  summary: 'one cut faster above a load, one more accurate below another',
  schema,
  start: (_parameters, models) => ({ rungs: models.map(() => 0), since: models.map(() => 0) }),
  decide(view, state, { high, low, hold }) {
    const demands = view.models.map(({ model, rates, waiting, devices }): Demand => {
      return { model, rate: (rates.at(-1) ?? 0) + waiting / view.window, devices };
    });
    const ladders = view.models.map(({ model }) => ladderOf(model));
    const planned = ladders.map((ladder, index) => single(ladder[state.rungs[index]!]!));
    const load = (index: number, rung: number) => {
      const plan = planned.map((one, at) => (at === index ? single(ladders[index]![rung]!) : one));
      return loadOfModel(demands[index]!, stationLoads(demands, plan, view.devices, view.stations.length));
    };
    const since: number[] = [];
    const rungs = ladders.map((ladder, index) => {
      const rung = state.rungs[index]!;
      const step =
        rung + 1 < ladder.length && load(index, rung) > high
          ? 1
          : rung > 0 && state.since[index]! >= hold && load(index, rung - 1) < low
            ? -1
            : 0;
      since[index] = step === 0 ? state.since[index]! + 1 : 0;
      return rung + step;
    });
    return {
      plan: rungs.map((rung, index) => single(ladders[index]![rung]!)),
      state: { rungs, since },
    };
  },
};
