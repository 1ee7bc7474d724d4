import { lessEq, type Coefficients, type Constraint, solve } from 'yalps';
import { capacityOf, type ServedCut, type ServedModel } from './served-model.ts';
import type { ModelPlan, Plan } from './window/window-policy.ts';

/** The demand for one model, and where it is met. */
export interface Demand {
  readonly model: ServedModel;
  /** Queries per second. */
  readonly rate: number;
  /** Devices that hold it; its queries are spread evenly over them. */
  readonly devices: readonly number[];
}

/** How much of a station's time queries of a cut may fill, 0 to 1; 0: the cut is of no use. Default: 1. */
export type Limit = (cut: ServedCut, model: ServedModel) => number;

/**
 * The mixes of cuts that answer the most queries right per second: a linear program over the shares of all models' cuts,
 * each station of each device at most full. Where demand does not fit, the mix is that of
 * the queries which it pays to answer. With one model and one station that binds, the optimum lies on two neighbours
 * 1, 2 of the concave hull of accuracy over time per query: between their capacities X_1 < X_2, cut 2 works a share
 * θ = (λ − X_1) / (X_2 − X_1) of the time and answers θ X_2 / λ of the queries.
 */
export function optimalPlan(demands: readonly Demand[], stations: number, limit: Limit = () => 1): Plan {
  const { shares } = mostRight(demands, stations, limit);
  return demands.map(({ model, rate }, index) => {
    // None are expected: should one come, there is time for it.
    if (rate === 0) return single(usefulCuts(model, limit)[0]!);
    const mix = shares[index]!.flatMap((share, cut) => (share > LEAST_SHARE ? [{ cut, share }] : []));
    // Nobody answers for a model whose queries do not pay: those that come run the cheapest way.
    return mix.length === 0 ? single(fastest(model)) : { mix: normalised(mix) };
  });
}

/** The most queries per second that can be answered right in the long run, and the share of each model's queries for each of its cuts. */
export function mostRight(
  demands: readonly Demand[],
  stations: number,
  limit: Limit = () => 1,
): { readonly rate: number; readonly shares: readonly (readonly number[])[] } {
  const unit = Math.max(...demands.map(({ rate }) => rate), Number.MIN_VALUE);
  const constraints = new Map<string, Constraint>();
  const variables: [string, Coefficients][] = [];
  demands.forEach(({ model, rate, devices }, index) => {
    if (rate === 0) return;
    constraints.set(`model ${index}`, lessEq(1));
    for (const cut of usefulCuts(model, limit)) {
      const { work, accuracy } = model.cuts[cut]!;
      const share = limit(model.cuts[cut]!, model) || 1;
      const coefficients: [string, number][] = [
        ['answers', (rate / unit) * accuracy],
        [`model ${index}`, 1],
      ];
      for (const device of devices) {
        for (let station = 0; station < stations; station++) {
          const used = (rate * (work[station] ?? 0)) / devices.length / share;
          if (used === 0) continue;
          const name = `device ${device} station ${station}`;
          constraints.set(name, lessEq(1));
          coefficients.push([name, used]);
        }
      }
      variables.push([`${index} ${cut}`, coefficients]);
    }
  });
  const { result, variables: found } = solve(
    { direction: 'maximize', objective: 'answers', constraints, variables },
    { precision: LEAST_SHARE },
  );
  const shareOf = new Map(found);
  return {
    rate: result * unit,
    shares: demands.map(({ model }, index) =>
      model.cuts.map((_, cut) => shareOf.get(`${index} ${cut}`) ?? 0),
    ),
  };
}

/** The cut that a device answers most queries with. */
export function fastest({ cuts }: ServedModel): number {
  return cuts.reduce((best, cut, index) => (capacityOf(cut) > capacityOf(cuts[best]!) ? index : best), 0);
}

/** The cut with the most right answers; of equals the first. */
export function mostAccurate({ cuts }: ServedModel): number {
  return cuts.reduce((best, cut, index) => (cut.accuracy > cuts[best]!.accuracy ? index : best), 0);
}

/** Every query of a model runs with one cut. */
export function single(cut: number): ModelPlan {
  return { mix: [{ cut, share: 1 }] };
}

/** Expected accuracy of a mix. */
export function accuracyOf({ mix }: ModelPlan, { cuts }: ServedModel): number {
  const total = mix.reduce((sum, { share }) => sum + share, 0);
  return mix.reduce((sum, { cut, share }) => sum + (share / total) * cuts[cut]!.accuracy, 0);
}

/** Smaller shares, and gains relative to the busiest model, are rounding. */
const LEAST_SHARE = 1e-12;

/** Cuts that may be used, the most accurate first; the fastest where none may. */
function usefulCuts(model: ServedModel, limit: Limit): readonly number[] {
  const useful = model.cuts
    .map((cut, index) => ({ cut, index }))
    .filter(({ cut }) => limit(cut, model) > 0)
    .sort((a, b) => b.cut.accuracy - a.cut.accuracy || a.index - b.index)
    .map(({ index }) => index);
  return useful.length === 0 ? [fastest(model)] : useful;
}

function normalised(mix: ModelPlan['mix']): ModelPlan['mix'] {
  const total = mix.reduce((sum, { share }) => sum + share, 0);
  return mix.map(({ cut, share }) => ({ cut, share: share / total }));
}
