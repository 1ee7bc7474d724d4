import type { ModelCounts } from './model-counts.ts';

/** To which two sums of the same times may differ by rounding: beyond 2^53 ticks they are not exact. */
const RELATIVE = 1e-9;

/**
 * Little's law without its means, as it holds for every run from an empty start (Little, Operations Research 9(3) 1961; Stidham 1974):
 * the time integral of the number of queries at a place is the sum of the times that they spent there, of those still there until now.
 * An Error where it does not: queries were lost, or counted twice, in time.
 */
export function checkLittle(place: string, integral: number, stays: number): void {
  if (Math.abs(integral - stays) <= RELATIVE * Math.max(integral, stays)) return;
  throw new Error(
    `${place}: the time integral of its length is ${integral} ps, its queries were there for ${stays} ps together`,
  );
}

/** Every query is accounted for: offered = in time + late + dropped + in flight. An Error where one is not, or twice. */
export function checkAccount(
  model: string,
  { offered, onTime, late, droppedFull, droppedEarly }: ModelCounts,
  inFlight: number,
): void {
  const known = onTime + late + droppedFull + droppedEarly + inFlight;
  if (offered === known) return;
  throw new Error(
    `queries of ${model}: ${offered} were offered, ${known} are accounted for (${onTime} in time, ${late} late, ${droppedFull + droppedEarly} dropped, ${inFlight} in flight)`,
  );
}
