/** Observations of a batch (White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000). */
const BATCH = 5;
/** Batches that are kept at least: fewer that happen to be alike look settled (Hoad, Robinson and Davies, WSC 2008). */
const FEWEST = 5;

/**
 * Warm-up of a simulation's output by MSER-5: how many observations to remove from the front, a multiple of 5. Of the means x of batches
 * of 5, those before d are removed, where the squared standard error of the mean of the others,
 *   Σ_{i ≥ d} (x_i − mean)² / (n − d)²,
 * is least; of equals the earliest (K. P. White, "An effective truncation heuristic for bias reduction in simulation output",
 * Simulation 69(6), 1997). Undefined where that is in the last half, as the series is too short to tell, or has no five batches, which are kept at least.
 * An incomplete batch at the end is left out. In one pass from the end: time and memory grow with the series.
 */
export function mser5(series: ArrayLike<number>): number | undefined {
  const batches = Math.floor(series.length / BATCH);
  if (batches < FEWEST) return undefined;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let mean = 0;
  let squares = 0;
  // Welford's sums of the batches from d on: no difference of large numbers.
  for (let d = batches - 1; d >= 0; d--) {
    let batch = 0;
    for (let at = 0; at < BATCH; at++) batch += series[BATCH * d + at]!;
    batch /= BATCH;
    const kept = batches - d;
    const off = batch - mean;
    mean += off / kept;
    squares += off * (batch - mean);
    if (kept < FEWEST) continue;
    const error = squares / kept ** 2;
    if (error > least) continue;
    least = error;
    best = d;
  }
  return best > batches / 2 ? undefined : BATCH * best;
}
