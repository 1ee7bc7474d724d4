import { confidence95, mean } from '../../base/statistics.ts';
import { type Figure, type ServedPolicy, type ServingFigure, servingFigures } from '../../report/serving.ts';
import type { RunFigures } from '../../serving/run-figures.ts';

/** Mean and 95 % interval over runs; null where no run knows the figure. */
export function figureOf(values: readonly (number | undefined)[]): Figure {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return null;
  // Of runs that are alike, rounding would leave an interval of its own.
  if (known.length > 1 && known.every((value) => value === known[0]))
    return { mean: known[0]!, interval95: 0 };
  return { mean: mean(known), interval95: confidence95(known) ?? null };
}

/** Every figure of a policy, over its runs. */
export function figuresOver(runs: readonly RunFigures[]): ServedPolicy['figures'] {
  const names = Object.keys(servingFigures) as ServingFigure[];
  return Object.fromEntries(
    names.map((name) => [name, figureOf(runs.map((run) => run[name]))]),
  ) as ServedPolicy['figures'];
}
