import { type Demand, mostRight, optimalPlan, single } from './optimal-plan.ts';
import type { ServedCut } from './served-model.ts';
import type { Plan } from './window/window-policy.ts';

/**
 * Optimal plans where crossbars of some models hold one cut at a time (`ServedModel.switching`): the most right answers in a window of
 * `window` s, of which a model that changes its cut can use what programming leaves. So a change pays only if what it gains in the
 * rest of the window is more than the capacity lost while it is programmed; where it is not, or gains nothing, the cut `held` stays.
 * Models that hold all cuts are mixed as in `optimalPlan`. Exact for one model; of several, one changes at a time, the one that gains most
 * first, until none does. A model that changes is taken to use all its stations for the rest of the window only (assumption: shared
 * ones too).
 */
export function programmedPlan(
  demands: readonly Demand[],
  held: readonly number[],
  stations: number,
  window: number,
): Plan {
  const cuts = [...held];
  const right = (chosen: readonly number[]) => {
    const { narrowed, limit } = narrow(demands, held, chosen, window);
    return mostRight(narrowed, stations, limit).rate;
  };
  for (let most = right(cuts), better = true; better;) {
    better = false;
    const before = [...cuts];
    demands.forEach(({ model: { switching } }, model) => {
      if (switching === undefined) return;
      switching[held[model]!]!.forEach((programming, cut) => {
        if (cut === before[model] || programming >= window) return;
        const rate = right(before.with(model, cut));
        if (!(rate > most * (1 + ROUNDING))) return;
        [most, better] = [rate, true];
        before.forEach((one, other) => (cuts[other] = one));
        cuts[model] = cut;
      });
    });
  }
  const { narrowed, limit } = narrow(demands, held, cuts, window);
  return optimalPlan(narrowed, stations, limit).map((mix, model) =>
    demands[model]!.model.switching === undefined ? mix : single(cuts[model]!),
  );
}

/** Gains smaller than this, relative, are rounding. */
const ROUNDING = 1e-9;

/** Models with nothing but their chosen cuts, each of which may use what programming leaves of the window. */
function narrow(
  demands: readonly Demand[],
  held: readonly number[],
  chosen: readonly number[],
  window: number,
) {
  const left = new Map<ServedCut, number>();
  const narrowed = demands.map((demand, index): Demand => {
    const { switching, cuts } = demand.model;
    if (switching === undefined) return demand;
    // Of its own: models may have cuts in common.
    const cut = { ...cuts[chosen[index]!]! };
    left.set(cut, 1 - switching[held[index]!]![chosen[index]!]! / window);
    return { ...demand, model: { ...demand.model, cuts: [cut] } };
  });
  return { narrowed, limit: (cut: ServedCut) => left.get(cut) ?? 1 };
}
