import { design } from '../design.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { cellError } from './cell-errors.ts';
import { contrastOf } from './contrasts.ts';
import { type Law, LAWS, UNIT_COLUMN } from './designs.ts';

const SIGMAS = [0.025, 0.05, 0.1] as const;

const digital = (law: Law, sigma: number) => cellError('offset', 1, law, sigma);
const column = (law: Law, sigma: number) => design(digital(law, sigma), UNIT_COLUMN);

/** How the offset is removed, while cells err. */
export const unitColumn: Question = {
  name: 'unit-column',
  asks: 'Is an offset better removed by the digital sum of the inputs or by a bit line of middle weights?',
  designs: LAWS.flatMap((law) => SIGMAS.flatMap((sigma) => [digital(law, sigma), column(law, sigma)])),
  plots: (results) => [
    sweepPlot(
      results,
      { title: 'removal of the offset', x: { label: 'σ / largest conductance', scale: 'log' }, xs: SIGMAS },
      LAWS.flatMap((law) => [
        {
          name: `digital sum, ${law}`,
          colour: 'digital',
          dashed: law === 'proportional',
          at: (sigma: number) => digital(law, sigma),
        },
        {
          name: `unit column, ${law}`,
          colour: 'column',
          dashed: law === 'proportional',
          at: (sigma: number) => column(law, sigma),
        },
      ]),
    ),
  ],
  statements: [
    {
      id: 'T9',
      claim:
        'Once cells err, a unit column is worse than a digital removal of the offset: its error goes to all outputs alike.',
      rule: 'Offset: accuracy with digital removal less that with a unit column is above 0, for each law and spread.',
      comparisons: (results) =>
        LAWS.flatMap((law) =>
          SIGMAS.map((sigma) =>
            contrastOf(results, `${law} ${100 * sigma} %`, digital(law, sigma), column(law, sigma)),
          ),
        ),
    },
  ],
};
