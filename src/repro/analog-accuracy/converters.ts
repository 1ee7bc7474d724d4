import { above, atLeast, between, comparison, compare, tells } from '../comparison.ts';
import { crossing, minus } from '../crossing.ts';
import { type Design, design } from '../design.ts';
import type { Question } from '../question.ts';
import type { Results } from '../run-points.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { cellError } from './cell-errors.ts';
import { converter, encoded, FREE_LIMITS, RANGES, sliced, SUBTRACTED_DIGITALLY } from './designs.ts';
import { rangeShares } from './range-shares.ts';

const BITS = [4, 5, 6, 7, 8, 9, 10, 12] as const;
const MAX_BITS = [6, 8, 10, 12, 14] as const;

/** What is converted, unsliced, a conversion for every input bit unless said otherwise. */
const CONVERTED = {
  differential: encoded('differential'),
  'differential, subtracted digitally': design(encoded('differential'), SUBTRACTED_DIGITALLY, FREE_LIMITS),
  offset: design(encoded('offset'), FREE_LIMITS),
} as const;
type Converted = keyof typeof CONVERTED;

const calibrated = (what: Converted, bits: number) =>
  design(CONVERTED[what], RANGES.calibrated, converter(bits));
const leastError = (what: Converted, bits: number) =>
  design(CONVERTED[what], RANGES.leastError, FREE_LIMITS, converter(bits));
const largest = (what: Converted, bits: number) =>
  design(CONVERTED[what], { 'analogCore.adcBank.shape': 'symmetric' }, RANGES.max, converter(bits));
const granular = (what: Converted, bits: number) =>
  design(CONVERTED[what], { 'analogCore.adcBank.shape': 'symmetric' }, RANGES.granular, converter(bits));
const accumulated = (bits: number) =>
  design(calibrated('differential', bits), { 'encoding.accumulation': 'analog' });
const keeping = (percentile: number, bits: number) =>
  design(calibrated('differential', bits), { 'analogCore.adcBank.percentile': String(percentile) });
const powersOfTwo = design(calibrated('differential', 8), sliced(4), {
  'analogCore.adcBank.sliceRanges': 'powersOfTwo',
});
const NOISY = cellError('differential', 1, 'independent', 0.05);
const IDEAL = encoded('differential');

const both = ['differential', 'offset'] as const;
const all = Object.keys(CONVERTED) as Converted[];
const LEAST_ERROR_BITS = [4, 6, 8] as const;
const ACCUMULATED_BITS = [4, 5, 6, 7, 8] as const;

/** Bits that reach int8 less 5 points. */
function bitsNeeded(results: Results, bits: readonly number[], at: (bits: number) => Design) {
  return crossing(bits.map((x) => ({ x, point: results.at(at(x)) })));
}

/** Converter bits × range rule × encoding, without any error of cells. */
export const converters: Question = {
  name: 'converters',
  asks: 'How many bits of converters are needed, by encoding and by the rule that sets their range? Cells are ideal.',
  designs: [
    IDEAL,
    ...all.flatMap((what) => BITS.map((bits) => calibrated(what, bits))),
    ...both.flatMap((what) => MAX_BITS.map((bits) => largest(what, bits))),
    ...both.flatMap((what) => MAX_BITS.map((bits) => granular(what, bits))),
    ...both.flatMap((what) => LEAST_ERROR_BITS.map((bits) => leastError(what, bits))),
    ...ACCUMULATED_BITS.map(accumulated),
    ...[99.98, 100].flatMap((percentile) => [8, 14].map((bits) => keeping(percentile, bits))),
    powersOfTwo,
    NOISY,
    design(NOISY, converter(8)),
  ],
  plots: (results) => [
    sweepPlot(
      results,
      { title: 'calibrated ranges', x: { label: 'converter bits', scale: 'linear' }, xs: BITS },
      [
        ...all.map((what) => ({ name: what, at: (bits: number) => calibrated(what, bits) })),
        {
          name: 'differential, charges of input bits added',
          dashed: true,
          xs: ACCUMULATED_BITS,
          at: accumulated,
        },
      ],
    ),
    sweepPlot(
      results,
      { title: 'rules of the range', x: { label: 'converter bits', scale: 'linear' }, xs: BITS },
      both.flatMap((what) => [
        { name: `${what}, inner 99.98 %`, colour: what, at: (bits: number) => calibrated(what, bits) },
        {
          name: `${what}, least error`,
          colour: `${what} least error`,
          xs: LEAST_ERROR_BITS,
          at: (bits: number) => leastError(what, bits),
        },
        {
          name: `${what}, largest possible sum`,
          colour: what,
          dashed: true,
          xs: MAX_BITS,
          at: (bits: number) => largest(what, bits),
        },
        {
          name: `${what}, a step of one level`,
          colour: `${what} granular`,
          dashed: true,
          xs: MAX_BITS,
          at: (bits: number) => granular(what, bits),
        },
      ]),
    ),
  ],
  statements: [
    {
      id: 'T5',
      claim: 'Offset cells need 1.5 to 3 more converter bits than differential pairs for equal accuracy.',
      rule: 'Bits at which the accuracy comes within 5 points of int8, calibrated ranges: offset less differential is at least 1 (1.5 less the half bit that whole bits leave).',
      comparisons: (results) => {
        const needed = (what: Converted) => bitsNeeded(results, BITS, (bits) => calibrated(what, bits));
        const more = minus(needed('offset'), needed('differential'));
        return [comparison(results, 'offset less differential', 'bits', more, atLeast(1)(more))];
      },
    },
    {
      id: 'T7',
      claim: 'A range for the largest possible sum needs far more bits than a calibrated one.',
      rule: 'Bits at which the accuracy comes within 5 points of int8: largest possible sum less calibrated is at least 2, for each encoding.',
      comparisons: (results) =>
        both.map((what) => {
          const most = bitsNeeded(results, MAX_BITS, (bits) => largest(what, bits));
          const more = minus(
            most,
            bitsNeeded(results, BITS, (bits) => calibrated(what, bits)),
          );
          return comparison(results, what, 'bits', more, atLeast(2)(more));
        }),
    },
    {
      id: 'P5',
      claim:
        'Eight bits suffice, but only if what is converted is in proportion to the result: differential pairs subtracted before the conversion.',
      rule: 'At 8 bits, calibrated, differential pairs subtracted in analog lose at most 2 points against ideal converters; at 4 to 8 bits they are above pairs subtracted digitally and above offset.',
      comparisons: (results) => [
        compare(
          results,
          '8 bits less ideal converters',
          [
            [1, calibrated('differential', 8)],
            [-1, IDEAL],
          ],
          atLeast(-2 / 100),
          true,
        ),
        ...(['differential, subtracted digitally', 'offset'] as const).flatMap((other) =>
          [4, 5, 6, 7, 8].map((bits) =>
            compare(
              results,
              `${bits} bits, less ${other}`,
              [
                [1, calibrated('differential', bits)],
                [-1, calibrated(other, bits)],
              ],
              above,
            ),
          ),
        ),
      ],
    },
    {
      id: 'P6',
      claim:
        'Enough bits for every possible sum are no design rule: calibrated converters of far fewer bits come close to ideal, and once cells err by more than a step more bits gain nothing.',
      rule: 'Bits needed by differential, calibrated, are at least 4 fewer than weight bits + log2 of the rows of the largest layer (1-bit inputs); and with independent errors of 5 % ideal converters gain at most 2 points over 8 bits.',
      comparisons: (results) => {
        const guarantee = 8 + Math.ceil(Math.log2(results.subject.largestRows));
        const needed = bitsNeeded(results, BITS, (bits) => calibrated('differential', bits));
        const fewer = minus({ value: guarantee, low: guarantee, high: guarantee }, needed);
        return [
          comparison(results, `fewer bits than ${guarantee}`, 'bits', fewer, atLeast(4)(fewer)),
          compare(
            results,
            '8 bits less ideal converters, errors of 5 %',
            [
              [1, design(NOISY, converter(8))],
              [-1, NOISY],
            ],
            atLeast(-2 / 100),
            true,
          ),
        ];
      },
    },
    {
      id: 'P7',
      claim:
        'A range that keeps the inner 99.98 % of sums, per layer and slice in steps of powers of two, costs next to nothing by its clipping.',
      rule: 'Differential: keeping 99.98 % instead of all loses at most 2 points with 14 bits (clipping alone) and with 8 bits; 4 slices of 8 bits with ranges in powers of two lose at most 2 points against ideal converters.',
      comparisons: (results) => [
        ...[14, 8].map((bits) =>
          compare(
            results,
            `${bits} bits, 99.98 % less 100 %`,
            [
              [1, keeping(99.98, bits)],
              [-1, keeping(100, bits)],
            ],
            atLeast(-2 / 100),
            true,
          ),
        ),
        compare(
          results,
          '4 slices, powers of two, less ideal converters',
          [
            [1, powersOfTwo],
            [-1, IDEAL],
          ],
          atLeast(-2 / 100),
          true,
        ),
      ],
    },
    {
      id: 'P8',
      claim: 'With offset cells the signal uses only 10 to 20 % of the range of possible sums.',
      rule: 'Width of the calibrated range over that of the largest possible sum, 8 bits: the median over layers lies in 10 … 20 %; open where only some of the middle half of layers do.',
      comparisons: (results) => {
        const shares = rangeShares(results.at(calibrated('offset', 8)), results.at(largest('offset', 8)));
        const share = { value: 100 * shares.median, low: 100 * shares.lower, high: 100 * shares.upper };
        const inside = share.value >= 10 && share.value <= 20;
        const outcome = inside ? 'yes' : between(10, 20)(share);
        return [comparison(results, 'median of layers', 'percent', share, outcome)];
      },
    },
  ],
};

/** Ranges of single cells: how much of the largest possible current each encoding draws. For `overall.ts`. */
export function currentRatio(results: Results): { median: number; lower: number; upper: number } {
  const bits = 8;
  return rangeShares(
    results.at(calibrated('offset', bits)),
    results.at(calibrated('differential, subtracted digitally', bits)),
    255 / 127,
  );
}

/** Offset against differential with converters of few bits, where something is lost. For `overall.ts`. */
export function encodingByBits(results: Results) {
  return BITS.map((bits) => {
    const pair = [calibrated('differential', bits), calibrated('offset', bits)] as const;
    return compare(
      results,
      `${bits} converter bits`,
      [
        [1, pair[0]],
        [-1, pair[1]],
      ],
      above,
      tells(results, pair),
    );
  });
}
