import { design } from '../design.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { cellError } from './cell-errors.ts';
import { contrastOf } from './contrasts.ts';
import { encoded, type Law, LAWS, readWith, sliced } from './designs.ts';

const SIGMAS = [0.05, 0.1, 0.2] as const;

const programming = (law: Law, sigma: number) => cellError('differential', 1, law, sigma);
const reading = (law: Law, sigma: number) => design(encoded('differential'), sliced(1), readWith(law, sigma));

/** Read noise against programming errors of equal spread, inputs bit by bit. */
export const readNoise: Question = {
  name: 'read-noise',
  asks: 'Does noise that is drawn anew for every input bit do less harm than an error that stays? Converters are ideal.',
  designs: LAWS.flatMap((law) => SIGMAS.flatMap((sigma) => [programming(law, sigma), reading(law, sigma)])),
  plots: (results) => [
    sweepPlot(
      results,
      { title: 'read noise', x: { label: 'σ / largest conductance', scale: 'log' }, xs: SIGMAS },
      LAWS.flatMap((law) => [
        {
          name: `read noise, ${law}`,
          colour: 'read',
          dashed: law === 'proportional',
          at: (sigma: number) => reading(law, sigma),
        },
        {
          name: `programming error, ${law}`,
          colour: 'program',
          dashed: law === 'proportional',
          at: (sigma: number) => programming(law, sigma),
        },
      ]),
    ),
  ],
  statements: [
    {
      id: 'T8',
      claim:
        'With inputs bit by bit, read noise hurts less than a programming error of equal spread, since it is drawn anew for every bit and averages out.',
      rule: 'Differential: accuracy under read noise less that under programming errors is above 0, for each law and spread.',
      comparisons: (results) =>
        LAWS.flatMap((law) =>
          SIGMAS.map((sigma) =>
            contrastOf(results, `${law} ${100 * sigma} %`, reading(law, sigma), programming(law, sigma)),
          ),
        ),
    },
  ],
};
