import { design } from '../design.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { cellError } from './cell-errors.ts';
import { largerLoss } from './contrasts.ts';
import { ENCODINGS, type Encoding, type Law, onOff } from './designs.ts';

const RATIOS = [100, 10, 3] as const;
const ERRORS = [
  ['independent', 0.05],
  ['proportional', 0.1],
] as const;

const withRatio = (scheme: Encoding, law: Law, sigma: number, ratio: number) =>
  design(cellError(scheme, 1, law, sigma), onOff(ratio));

/** On/off ratio × encoding, under programming errors of either law. */
export const onOffRatio: Question = {
  name: 'on-off-ratio',
  asks: 'What does a small ratio of largest to smallest conductance cost each encoding, while cells err?',
  designs: ERRORS.flatMap(([law, sigma]) =>
    ENCODINGS.flatMap((scheme) => [
      cellError(scheme, 1, law, sigma),
      ...RATIOS.map((ratio) => withRatio(scheme, law, sigma, ratio)),
    ]),
  ),
  plots: (results) => [
    sweepPlot(
      results,
      { title: 'on/off ratio', x: { label: 'largest / smallest conductance', scale: 'log' }, xs: RATIOS },
      ERRORS.flatMap(([law, sigma]) =>
        ENCODINGS.map((scheme) => ({
          name: `${scheme}, ${law} ${100 * sigma} %`,
          colour: scheme,
          dashed: law === 'proportional',
          at: (ratio: number) => withRatio(scheme, law, sigma, ratio),
        })),
      ),
    ),
  ],
  statements: [
    {
      id: 'T3',
      claim:
        'A small on/off ratio hurts offset cells much more than differential pairs, which cancel what cells conduct when off.',
      rule: 'The accuracy lost from an infinite ratio to each finite one is larger for offset than for differential (difference of the losses above 0), for either law.',
      comparisons: (results) =>
        ERRORS.flatMap(([law, sigma]) =>
          RATIOS.map((ratio) => {
            const change = (scheme: Encoding) => ({
              before: cellError(scheme, 1, law, sigma),
              after: withRatio(scheme, law, sigma, ratio),
            });
            const what = `ratio ${ratio}, ${law} ${100 * sigma} %`;
            return largerLoss(results, what, change('offset'), change('differential'));
          }),
        ),
    },
  ],
};
