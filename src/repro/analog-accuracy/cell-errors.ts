import { design } from '../design.ts';
import { above, compare, tells } from '../comparison.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { contrastOf } from './contrasts.ts';
import { ENCODINGS, type Encoding, encoded, type Law, LAWS, programmed, sliced } from './designs.ts';

/** Standard deviations relative to the largest conductance, each twice the one before. */
const SIGMAS = [0.025, 0.05, 0.1, 0.2] as const;
const SLICES = [1, 4] as const;

export const cellError = (scheme: Encoding, slices: number, law: Law, sigma: number) =>
  design(encoded(scheme), sliced(slices), programmed(law, sigma));

/** Fewer bits in a cell: its states lie apart at the same spread. */
const coarse = (sigma: number) =>
  design({ 'encoding.weightBits': '5' }, cellError('differential', 1, 'independent', sigma));

const text = (law: Law, sigma: number) => `${law} ${100 * sigma} %`;

/** Encoding × slices × law of programming errors × their spread. */
export const cellErrors: Question = {
  name: 'cell-errors',
  asks: 'How do encoding and weight slices withstand programming errors of either law? Converters are ideal.',
  designs: [
    ...LAWS.flatMap((law) =>
      SIGMAS.flatMap((sigma) =>
        ENCODINGS.flatMap((scheme) => SLICES.map((slices) => cellError(scheme, slices, law, sigma))),
      ),
    ),
    ...[0, 0.05, 0.1].map(coarse),
    cellError('differential', 1, 'independent', 0),
  ],
  plots: (results) =>
    LAWS.map((law) =>
      sweepPlot(
        results,
        {
          title: `errors ${law === 'independent' ? 'independent of' : 'proportional to'} the conductance`,
          x: { label: 'σ / largest conductance', scale: 'log' },
          xs: SIGMAS,
        },
        ENCODINGS.flatMap((scheme) =>
          SLICES.map((slices) => ({
            name: `${scheme}, ${slices === 1 ? 'unsliced' : `${slices} slices`}`,
            colour: scheme,
            dashed: slices > 1,
            at: (sigma: number) => cellError(scheme, slices, law, sigma),
          })),
        ),
      ),
    ),
  statements: [
    {
      id: 'T1',
      claim:
        'Differential pairs withstand cell errors of equal relative spread better than offset cells, whatever the law.',
      rule: 'Accuracy of differential less offset is above 0, for each law, spread and number of slices.',
      comparisons: (results) =>
        LAWS.flatMap((law) =>
          SIGMAS.flatMap((sigma) =>
            SLICES.map((slices) =>
              contrastOf(
                results,
                `${text(law, sigma)}, ${slices === 1 ? 'unsliced' : `${slices} slices`}`,
                cellError('differential', slices, law, sigma),
                cellError('offset', slices, law, sigma),
              ),
            ),
          ),
        ),
    },
    {
      id: 'T2',
      claim:
        'With differential pairs, errors in proportion to the conductance do far less harm than independent ones of equal spread: most cells conduct little.',
      rule: 'Differential: accuracy under proportional errors less that under independent ones is above 0, for each spread and number of slices.',
      comparisons: (results) =>
        SIGMAS.flatMap((sigma) =>
          SLICES.map((slices) =>
            contrastOf(
              results,
              `σ ${100 * sigma} %, ${slices === 1 ? 'unsliced' : `${slices} slices`}`,
              cellError('differential', slices, 'proportional', sigma),
              cellError('differential', slices, 'independent', sigma),
            ),
          ),
        ),
    },
    {
      id: 'T4',
      claim: 'Four weight slices are somewhat more accurate than unsliced weights under cell errors.',
      rule: 'Differential: accuracy of 4 slices less unsliced is above 0, for each law and spread.',
      comparisons: (results) =>
        LAWS.flatMap((law) =>
          SIGMAS.map((sigma) =>
            contrastOf(
              results,
              text(law, sigma),
              cellError('differential', 4, law, sigma),
              cellError('differential', 1, law, sigma),
            ),
          ),
        ),
    },
    {
      id: 'P3',
      claim: 'Unsliced weights are nearly as resilient as sliced ones: slicing gains little.',
      rule: 'Unsliced at half the spread is more accurate than 4 slices at the full one (above 0): slicing gains less than a factor of two in the spread that is tolerated.',
      comparisons: (results) =>
        LAWS.flatMap((law) =>
          SIGMAS.slice(1).map((sigma) =>
            contrastOf(
              results,
              `unsliced at ${text(law, sigma / 2)}, 4 slices at ${100 * sigma} %`,
              cellError('differential', 1, law, sigma / 2),
              cellError('differential', 4, law, sigma),
            ),
          ),
        ),
    },
    {
      id: 'P4',
      claim: 'The absolute spread of conductances counts, not whether the states of a cell overlap.',
      rule: 'Differential, unsliced, independent errors: halving the spread gains more than cutting the states of a cell from 128 to 16 at the same spread, each against its own accuracy without errors (difference of the two gains above 0).',
      comparisons: (results) =>
        [0.05, 0.1].map((sigma) => {
          const fine = (one: number) => cellError('differential', 1, 'independent', one);
          // (half − full) − [(coarse − coarse without errors) − (full − fine without errors)]
          return compare(
            results,
            `σ ${100 * sigma} %`,
            [
              [1, fine(sigma / 2)],
              [-1, fine(0)],
              [-1, coarse(sigma)],
              [1, coarse(0)],
            ],
            above,
            tells(results, [fine(sigma / 2), fine(sigma)]),
          );
        }),
    },
  ],
};
