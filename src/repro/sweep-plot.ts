import type { Plot, PlotSeries } from '../report/plot.ts';
import type { Design } from './design.ts';
import type { Results } from './run-points.ts';

/** One line of a sweep: a design for every swept number. */
export interface SweepLine extends Pick<PlotSeries, 'name' | 'colour' | 'dashed'> {
  readonly at: (x: number) => Design;
  /** Swept numbers, where they are not those of the plot. */
  readonly xs?: readonly number[];
}

/** Accuracy against a swept number, with 95 % intervals over chips and the int8 network to compare with. */
export function sweepPlot(
  results: Results,
  { title, x, xs }: { readonly title: string; readonly x: Plot['x']; readonly xs: readonly number[] },
  lines: readonly SweepLine[],
): Plot {
  return {
    title: `${results.subject.name}: ${title}`,
    x,
    y: 'accuracy',
    series: lines.map(({ at, xs: own = xs, ...named }) => ({
      ...named,
      points: own.map((value) => {
        const { mean, interval95 = 0 } = results.at(at(value));
        return {
          x: value,
          y: mean,
          low: Math.max(0, mean - interval95),
          high: Math.min(1, mean + interval95),
        };
      }),
    })),
    references: [{ name: 'int8', y: results.at(lines[0]!.at((lines[0]!.xs ?? xs)[0]!)).digital }],
  };
}
