import type { Demand } from './optimal-plan.ts';
import type { ModelPlan } from './window/window-policy.ts';

/**
 * How full the stations are that serve demands by a plan: for each device the share of the time that each of its stations
 * works, Σ over models of rate / devices of the model × Σ over cuts of share × work. Above 1 a line grows without end.
 * [device][station].
 */
export function stationLoads(
  demands: readonly Demand[],
  plan: readonly ModelPlan[],
  devices: number,
  stations: number,
): readonly Float64Array[] {
  const loads = Array.from({ length: devices }, () => new Float64Array(stations));
  demands.forEach(({ model, rate, devices: held }, index) => {
    const { mix } = plan[index]!;
    const total = mix.reduce((sum, { share }) => sum + share, 0);
    for (const { cut, share } of mix) {
      const { work } = model.cuts[cut]!;
      const queries = ((share / total) * rate) / held.length;
      for (const device of held) {
        const load = loads[device]!;
        for (let station = 0; station < stations; station++)
          load[station] = load[station]! + queries * (work[station] ?? 0);
      }
    }
  });
  return loads;
}

/** Whether no station is asked for more time than it has, but for rounding. */
export function isFeasible(loads: readonly Float64Array[]): boolean {
  return loads.every((load) => load.every((share) => share <= 1 + ROUNDING));
}

/** Load of the fullest station that a model uses: of those of its devices where one of its cuts works. */
export function loadOfModel({ model, devices }: Demand, loads: readonly Float64Array[]): number {
  let fullest = 0;
  for (const device of devices) {
    loads[device]!.forEach((load, station) => {
      if (load > fullest && model.cuts.some(({ work }) => work[station]! > 0)) fullest = load;
    });
  }
  return fullest;
}

const ROUNDING = 1e-9;
