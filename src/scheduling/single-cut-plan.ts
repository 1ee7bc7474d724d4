import { type Demand, fastest, type Limit, optimalPlan, single } from './optimal-plan.ts';
import type { Plan } from './window/window-policy.ts';

/**
 * One cut for each model, together the most right answers per second that all stations carry: exact, by depth-first
 * enumeration with bounds. Where no choice carries the demand, of the optimal mixes the cut of each with the most capacity.
 * After `MOST_STEPS` steps (about ten models of six cuts) the best found so far holds.
 */
export function singleCutPlan(demands: readonly Demand[], stations: number, limit: Limit = () => 1): Plan {
  const places = [...new Set(demands.flatMap(({ devices }) => devices))];
  const choices = demands.map((demand) => choicesOf(demand, places, stations, limit));
  // The most that the models from one on could still answer right.
  const ahead = new Float64Array(demands.length + 1);
  for (let index = demands.length - 1; index >= 0; index--)
    ahead[index] = ahead[index + 1]! + (choices[index]![0]?.right ?? 0);

  const loads = new Float64Array(places.length * stations);
  const chosen: number[] = demands.map(() => 0);
  let best: readonly number[] | undefined;
  let most = Number.NEGATIVE_INFINITY;
  let steps = 0;
  const visit = (index: number, right: number): void => {
    if (right + ahead[index]! <= most + Math.abs(most) * ROUNDING || ++steps > MOST_STEPS) return;
    if (index === demands.length) {
      best = [...chosen];
      most = right;
      return;
    }
    for (const choice of choices[index]!) {
      if (choice.load.some((load, at) => load > 0 && loads[at]! + load > 1 + ROUNDING)) continue;
      choice.load.forEach((load, at) => (loads[at] = loads[at]! + load));
      chosen[index] = choice.cut;
      visit(index + 1, right + choice.right);
      choice.load.forEach((load, at) => (loads[at] = loads[at]! - load));
    }
  };
  visit(0, 0);
  if (best !== undefined) return best.map(single);

  return optimalPlan(demands, stations, limit).map(({ mix }, index) => {
    const { model } = demands[index]!;
    const cuts = mix.map(({ cut }) => model.cuts[cut]!);
    return single(mix[fastest({ ...model, cuts })]!.cut);
  });
}

interface Choice {
  readonly cut: number;
  /** Right answers per second. */
  readonly right: number;
  /** By device and station, as a share of what the cut may fill. */
  readonly load: Float64Array;
}

const ROUNDING = 1e-12;
const MOST_STEPS = 100_000;

/** Cuts of a model that may be used, those that answer most right first. */
function choicesOf(
  { model, rate, devices }: Demand,
  places: readonly number[],
  stations: number,
  limit: Limit,
): readonly Choice[] {
  return model.cuts
    .flatMap((cut, index): readonly Choice[] => {
      const share = limit(cut, model);
      if (!(share > 0)) return [];
      const load = new Float64Array(places.length * stations);
      for (const device of devices) {
        const at = places.indexOf(device) * stations;
        for (let station = 0; station < stations; station++)
          load[at + station] = (rate * (cut.work[station] ?? 0)) / devices.length / share;
      }
      // A rate of 0 still wants its most accurate cut.
      return [{ cut: index, right: Math.max(rate, Number.MIN_VALUE) * cut.accuracy, load }];
    })
    .sort((a, b) => model.cuts[b.cut]!.accuracy - model.cuts[a.cut]!.accuracy || a.cut - b.cut);
}
