import { type Demand, mostAccurate, mostRight } from './optimal-plan.ts';
import type { ReplicaCost } from './served-model.ts';

/** Other devices for one model. */
export interface Move {
  readonly model: number;
  readonly devices: readonly number[];
}

/**
 * The change of one replica (one more, one fewer, or one elsewhere) that gains the most right answers in a time (s), if any
 * gains more than programming costs: taken, as an assumption, for right answers at the present rate during programming. Models
 * that do not say what a replica takes stay where they are; two that want the same crossbars are never on one device.
 */
export function betterPlacement(
  demands: readonly Demand[],
  devices: number,
  stations: number,
  time: number,
): Move | undefined {
  const now = mostRight(demands, stations).rate;
  let best: Move | undefined;
  let most = ROUNDING * now * time;
  demands.forEach(({ model: served, rate, devices: held }, model) => {
    const { replica } = served;
    if (replica === undefined) return;
    const { accuracy } = served.cuts[mostAccurate(served)]!;
    const fresh = Array.from({ length: devices }, (_, device) => device).filter(
      (device) =>
        !held.includes(device) &&
        demands.every((one) => !one.devices.includes(device) || !collide(replica, one.model.replica)),
    );
    const leaves = held.map((device) => held.filter((one) => one !== device));
    const candidates = [
      ...fresh.map((device) => [...held, device]),
      ...leaves.filter(({ length }) => length > 0),
      ...leaves.flatMap((rest) => fresh.map((device) => [...rest, device])),
    ];
    for (const candidate of candidates) {
      const moved = demands.map((one, index) => (index === model ? { ...one, devices: candidate } : one));
      const programs = candidate.some((device) => !held.includes(device));
      const cost = programs ? replica.programming * rate * accuracy : 0;
      const gain = (mostRight(moved, stations).rate - now) * time - cost;
      if (gain <= most) continue;
      most = gain;
      best = { model, devices: candidate.toSorted((a, b) => a - b) };
    }
  });
  return best;
}

/** Whether two models want the same crossbars. */
function collide(one: ReplicaCost, other: ReplicaCost | undefined): boolean {
  return other !== undefined && one.from < other.to && other.from < one.to;
}

const ROUNDING = 1e-6;
