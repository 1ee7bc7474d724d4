import { z } from 'zod';
import { real } from '../../base/quantity.ts';
import { loadOfModel, stationLoads } from '../capacity.ts';
import { ladderOf } from '../hull.ts';
import { type Demand, single } from '../optimal-plan.ts';
import type { Plan, WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('infaas'),
  high: real({ above: 0, max: 10 })
    .default(0.95)
    .describe('load of the fullest station above which a model is in danger'),
  low: real({ min: 0, max: 10 }).default(0.6).describe('load below which a model may become more accurate'),
});

/** By model: place on its ladder of cuts. */
type State = readonly number[];

/**
 * Greedy choice of variants after INFaaS (USENIX ATC 2021; the two loads as in its port by Proteus, ASPLOS 2024): a model in
 * danger takes the most accurate cut that ends the danger, whatever it costs the accuracy; one with much room the next more
 * accurate, where that is no danger. One model after the other, the busiest first; replicas stay as they are.
 */
export const infaas: WindowPolicy<z.output<typeof schema>, State> = {
  name: 'infaas',
  summary: 'greedy, model by model: out of danger at once, one cut more accurate where there is much room',
  schema,
  start: (_parameters, models) => models.map(() => 0),
  decide(view, state, { high, low }) {
    const demands = view.models.map(({ model, rates, waiting, devices }): Demand => {
      return { model, rate: (rates.at(-1) ?? 0) + waiting / view.window, devices };
    });
    const ladders = view.models.map(({ model }) => ladderOf(model));
    const rungs = [...state];
    const plan = (): Plan => rungs.map((rung, index) => single(ladders[index]![rung]!));
    const loadAt = (index: number, rung: number) => {
      const now = plan().map((one, at) => (at === index ? single(ladders[index]![rung]!) : one));
      return loadOfModel(demands[index]!, stationLoads(demands, now, view.devices, view.stations.length));
    };
    const busiest = [...demands.keys()].sort((a, b) => demands[b]!.rate - demands[a]!.rate || a - b);
    for (const index of busiest) {
      const last = ladders[index]!.length - 1;
      const rung = rungs[index]!;
      const load = loadAt(index, rung);
      if (load > high) {
        let safe = rung;
        while (safe < last && loadAt(index, safe) > high) safe += 1;
        rungs[index] = safe;
      } else if (load < low && rung > 0 && loadAt(index, rung - 1) <= high) rungs[index] = rung - 1;
    }
    return { plan: plan(), state: rungs };
  },
};
