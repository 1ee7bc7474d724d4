import { confidence95, mean } from '../../base/statistics.ts';
import { type Figure, type ServedPolicy, type ServingFigure, servingFigures } from '../../report/serving.ts';
import type { RunFigures } from '../../serving/run-figures.ts';

/**
 * Mean and 95 % interval over runs; null where no run knows the figure. Runs number r, r + independent, r + 2 · independent, …
 * have simulated chips in common, so that their mean is one observation; where left out, none have.
 */
export function figureOf(
  values: readonly (number | undefined)[],
  independent: number = values.length,
): Figure {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return null;
  const observed = Array.from({ length: Math.min(independent, values.length) }, (_, first) =>
    values.filter((value, run): value is number => run % independent === first && value !== undefined),
  )
    .filter((group) => group.length > 0)
    .map(mean);
  // Of runs that are alike, rounding would leave an interval of its own.
  if (observed.length > 1 && known.every((value) => value === known[0]))
    return { mean: known[0]!, interval95: 0 };
  return { mean: mean(known), interval95: confidence95(observed) ?? null };
}

/** What depends on which answers are right. */
const OF_ANSWERS: readonly ServingFigure[] = [
  'accuracy',
  'worstWindowAccuracy',
  'accuracyGoodput',
  'energyPerRightOnTime',
];

/** Every figure of a policy, over its runs, of which so many have simulated chips of their own. */
export function figuresOver(
  runs: readonly RunFigures[],
  independent: number = runs.length,
): ServedPolicy['figures'] {
  const names = Object.keys(servingFigures) as ServingFigure[];
  return Object.fromEntries(
    names.map((name) => {
      const values = runs.map((run) => run[name]);
      return [name, OF_ANSWERS.includes(name) ? figureOf(values, independent) : figureOf(values)];
    }),
  ) as ServedPolicy['figures'];
}

/**
 * Runs that have simulated chips of their own: each takes the next `devices` ones, and after `chips` the first comes again. All
 * of them where no answer is computed (`chips` undefined).
 */
export function independentRuns(runs: number, devices: number, chips: number | undefined): number {
  if (chips === undefined) return runs;
  // As long as a run has chips that none before it had.
  return Math.max(1, Math.min(runs, Math.floor(chips / devices)));
}
