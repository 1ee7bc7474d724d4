import { atLeast, compare } from '../comparison.ts';
import { design } from '../design.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { converter, encoded, FREE_LIMITS, RANGES, sliced } from './designs.ts';

const ROWS = [72, 144, 1152] as const;
const SLICES = [1, 2, 4, 8] as const;
/** Loss against ideal converters up to which accuracy is high. */
const HIGH = 0.02;

const of = (rows: number, slices: number) =>
  design(encoded('offset'), FREE_LIMITS, RANGES.calibrated, converter(8), sliced(slices), {
    'analogCore.crossbar.rows': String(rows),
  });
const IDEAL = encoded('offset');

/** Rows of a crossbar × bits of a cell, offset cells and 8-bit converters. */
export const blockSize: Question = {
  name: 'block-size',
  asks: 'How small must crossbars and bits of a cell be for offset cells to be accurate with 8-bit converters?',
  designs: [IDEAL, ...ROWS.flatMap((rows) => SLICES.map((slices) => of(rows, slices)))],
  plots: (results) => [
    sweepPlot(
      results,
      {
        title: 'offset cells, 8-bit converters',
        x: { label: 'word lines of a crossbar', scale: 'log' },
        xs: ROWS,
      },
      SLICES.map((slices) => ({
        name: `${8 / slices} bits a cell`,
        at: (rows: number) => of(rows, slices),
      })),
    ),
  ],
  statements: [
    {
      id: 'P9',
      claim:
        'Offset cells with 8-bit converters are highly accurate only with at most 144 rows and at most 2 bits a cell.',
      rule: 'Calibrated ranges, no other errors: designs within both bounds lose at most 2 points against ideal converters, all others more. A bound of 1152 rows tells nothing where no layer has more than 144.',
      comparisons: (results) =>
        ROWS.filter((rows) => rows <= 144 || results.subject.largestRows > 144).flatMap((rows) =>
          SLICES.map((slices) => {
            const high = rows <= 144 && 8 / slices <= 2;
            const what = `${rows} rows, ${8 / slices} bits a cell: ${high ? 'high' : 'not high'}`;
            return compare(
              results,
              what,
              [
                [high ? 1 : -1, of(rows, slices)],
                [high ? -1 : 1, IDEAL],
              ],
              atLeast(high ? -HIGH : HIGH),
              true,
            );
          }),
        ),
    },
  ],
};
