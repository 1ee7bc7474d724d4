import { z } from 'zod';
import { integer, real } from '../../base/quantity.ts';
import { single } from '../optimal-plan.ts';
import { capacityOf, type ServedModel } from '../served-model.ts';
import type { WindowPolicy } from './window-policy.ts';

const schema = z.strictObject({
  type: z.literal('threshold'),
  high: real({ above: 0, max: 10 })
    .default(0.9)
    .describe('load of the cut in use above which a faster one is taken'),
  low: real({ min: 0, max: 10 })
    .default(0.7)
    .describe('load of the next more accurate cut below which it is taken'),
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

/** Thresholds with hysteresis: one cut faster where the last rate fills the present one too much, one more accurate where there is room. */
export const threshold: WindowPolicy<Parameters, State> = {
  name: 'threshold',
  summary: 'one cut faster above a load, one more accurate below another',
  schema,
  start: (_parameters, models) => ({ rungs: models.map(() => 0), since: models.map(() => 0) }),
  decide(view, state, { high, low, hold }) {
    const since: number[] = [];
    const rungs = view.models.map(({ model, rates, waiting, devices }, index) => {
      const ladder = ladderOf(model);
      const rung = state.rungs[index]!;
      const rate = (rates.at(-1) ?? 0) + waiting / view.window;
      const load = (at: number) => rate / devices.length / capacityOf(model.cuts[ladder[at]!]!);
      const step =
        load(rung) > high && rung + 1 < ladder.length
          ? 1
          : rung > 0 && state.since[index]! >= hold && load(rung - 1) < low
            ? -1
            : 0;
      since[index] = step === 0 ? state.since[index]! + 1 : 0;
      return rung + step;
    });
    const plan = view.models.map(({ model }, index) => single(ladderOf(model)[rungs[index]!]!));
    return { plan, state: { rungs, since } };
  },
};

/** Cuts from the most accurate to the fastest, without those that are both less accurate and slower than another. */
export function ladderOf({ cuts }: ServedModel): readonly number[] {
  const sorted = [...cuts.keys()].sort(
    (a, b) => cuts[b]!.accuracy - cuts[a]!.accuracy || capacityOf(cuts[b]!) - capacityOf(cuts[a]!),
  );
  const ladder: number[] = [];
  for (const cut of sorted) {
    const last = ladder.at(-1);
    if (last === undefined || capacityOf(cuts[cut]!) > capacityOf(cuts[last]!)) ladder.push(cut);
  }
  return ladder;
}
