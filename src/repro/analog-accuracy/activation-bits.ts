import { design } from '../design.ts';
import type { Question } from '../question.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { cellError } from './cell-errors.ts';
import { largerLoss } from './contrasts.ts';

const SIGMAS = [0, 0.05, 0.1] as const;

/** Bits of activations and of weights. */
const BITS = { '8 × 8': {}, '4 × 8': { 'encoding.inputBits': '4' }, '8 × 4': { 'encoding.weightBits': '4' } };
type Bits = keyof typeof BITS;

const of = (bits: Bits, sigma: number) =>
  design(cellError('differential', 1, 'independent', sigma), BITS[bits]);

/** Bits of activations and weights, while cells err. */
export const activationBits: Question = {
  name: 'activation-bits',
  asks: 'Do fewer bits of activations, or of weights, make a network more resilient to independent cell errors?',
  designs: (Object.keys(BITS) as Bits[]).flatMap((bits) => SIGMAS.map((sigma) => of(bits, sigma))),
  plots: (results) => [
    sweepPlot(
      results,
      {
        title: 'bits of activations × weights',
        x: { label: 'σ / largest conductance', scale: 'linear' },
        xs: SIGMAS,
      },
      (Object.keys(BITS) as Bits[]).map((bits) => ({
        name: `${bits} bits`,
        at: (sigma: number) => of(bits, sigma),
      })),
    ),
  ],
  statements: [
    {
      id: 'P11',
      claim:
        'A network with 4-bit activations is substantially more resilient to independent errors than one of 8 bits, and it is the activations that do it, not the weights.',
      rule: 'The accuracy lost to the errors is larger with 8-bit activations than with 4-bit ones (difference above 0), differential, for each spread. The paper trains its network for 4 bits; ours are only rounded to them.',
      comparisons: (results) =>
        SIGMAS.slice(1).map((sigma) => {
          const change = (bits: Bits) => ({ before: of(bits, 0), after: of(bits, sigma) });
          return largerLoss(results, `independent ${100 * sigma} %`, change('8 × 8'), change('4 × 8'));
        }),
    },
  ],
};
