import { single } from './optimal-plan.ts';
import { capacityOf, type ServedModel } from './served-model.ts';
import type { ModelPlan } from './window/window-policy.ts';

/** Cuts from the most accurate to the fastest, without those that are both no more accurate and no faster than another. */
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

/**
 * Cuts on the concave hull of accuracy over time per query (1 / capacity), the most accurate first. A mix of queries is a
 * point on the line between its cuts there, so every other cut is beaten by a mix of two neighbours of the hull.
 */
export function hullOf(model: ServedModel): readonly number[] {
  const time = (cut: number) => 1 / capacityOf(model.cuts[cut]!);
  const accuracy = (cut: number) => model.cuts[cut]!.accuracy;
  const hull: number[] = [];
  for (const cut of ladderOf(model)) {
    // Andrew's chain: a point on or below the line from the one before it to the next one leaves.
    while (hull.length >= 2) {
      const [a, b] = hull.slice(-2) as [number, number];
      const line = (accuracy(a) - accuracy(cut)) * (time(b) - time(cut));
      if ((accuracy(b) - accuracy(cut)) * (time(a) - time(cut)) > line) break;
      hull.pop();
    }
    hull.push(cut);
  }
  return hull;
}

/** The mix at a place between two neighbours of a hull: 0 is its first cut, 1.25 three parts of the second and one of the third. */
export function mixAt(hull: readonly number[], place: number): ModelPlan {
  const first = Math.floor(place);
  const share = place - first;
  if (share === 0) return single(hull[first]!);
  return {
    mix: [
      { cut: hull[first]!, share: 1 - share },
      { cut: hull[first + 1]!, share },
    ],
  };
}
