import type { ServedCut, ServedModel } from './served-model.ts';

/**
 * How full a station may be so that a share `percentile` of the queries meets the deadline: the largest utilisation ρ with
 * latency + t(ρ) ≤ deadline, where t(ρ) = S c² ln(ρ / (1 − percentile)) / (2 (1 − ρ)) estimates that percentile of the wait.
 * S is the interval of the cut, c² the squared coefficient of variation of the gaps between arrivals (services are
 * constant). The exponential tail with Kingman's mean is exact for M/M/1 and asymptotically for heavy traffic; here an
 * assumption. 0 where the cut is too slow on an idle device; at most `most`.
 */
export function tailLimit(
  { latency, interval, work }: ServedCut,
  { deadline }: ServedModel,
  percentile: number,
  variability: number,
  most: number,
): number {
  if (latency > deadline) return 0;
  if (deadline === Number.POSITIVE_INFINITY) return most;
  const service = Math.max(interval, ...work);
  const wait = (rho: number) =>
    rho <= 1 - percentile ? 0 : (service * variability * Math.log(rho / (1 - percentile))) / (2 * (1 - rho));
  let low = 0;
  let high = most;
  if (latency + wait(most) <= deadline) return most;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (latency + wait(middle) <= deadline) low = middle;
    else high = middle;
  }
  return low;
}
