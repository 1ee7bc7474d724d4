import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { CellError, DeviceModel } from './device.ts';

const programSchema = z.strictObject({
  type: z.literal('sonos'),
  maxCurrent: quantity('A', { above: 0, max: 3200e-9, example: '1600 nA' })
    .prefault('1600 nA')
    .describe('current of a cell that is fully on (measured up to 3200 nA)'),
});

const driftSchema = z.strictObject({
  type: z.literal('sonosDrift'),
  maxCurrent: quantity('A', { above: 0, max: 1800e-9, example: '1600 nA' })
    .prefault('1600 nA')
    .describe('current of a cell that is fully on (measured with age up to 1800 nA)'),
  after: quantity('s', { min: 0, max: 5 * 86_400, example: '1 day' }).describe(
    'age since programming (measured up to 5 days)',
  ),
});

const readSchema = programSchema.extend({ type: z.literal('sonosRead') });

/**
 * Programming error of 40 nm SONOS in subthreshold: σ_I = A (1 − exp(−I / B)) nA, A = 19.88665, B = 176.3115
 * (Xiao et al., IEEE TCAS-I 69(4) 2022, as tabulated by CrossSim 3.2).
 */
export const sonos: DeviceModel = {
  name: 'sonos',
  summary: '40 nm SONOS, programming error of Xiao et al. 2022',
  schema: programSchema,
  error({ maxCurrent }: z.output<typeof programSchema>): CellError {
    return saturating(maxCurrent, FITS[0]!.a, FITS[0]!.b);
  },
};

/**
 * What 40 nm SONOS cells hold after some days, programming error included (so `program` stays ideal): mean shift
 * Σ p_k I^k and σ_I = A (1 − exp(−I / B)) nA, fitted day by day, linear in between (same source).
 */
export const sonosDrift: DeviceModel = {
  name: 'sonosDrift',
  drift: 'withProgramming',
  summary: '40 nm SONOS after 0 to 5 days, programming error included',
  schema: driftSchema,
  error({ maxCurrent, after }: z.output<typeof driftSchema>): CellError {
    const days = after / 86_400;
    const day = Math.min(Math.floor(days), FITS.length - 2);
    const share = days - day;
    const between = (value: (fit: Fit) => number) =>
      (1 - share) * value(FITS[day]!) + share * value(FITS[day + 1]!);
    const scale = maxCurrent * 1e9;
    const powers = Array.from({ length: 11 }, (_, k) => between((fit) => fit.p[k] ?? 0));
    const mean = (g: number) => powers.reduceRight((sum, power) => sum * g * scale + power, 0) / scale;
    const spread = saturating(
      maxCurrent,
      between((fit) => fit.a),
      between((fit) => fit.b),
    );
    // The spread is that of the current a cell has by then.
    return { ...spread, mean, sigma: (g) => spread.sigma(Math.max(g + mean(g), 0)) };
  },
};

/** Read noise of 40 nm SONOS: σ_I = 12.58037 (1 − exp(−I / 215.36557)) nA (same source). */
export const sonosRead: DeviceModel = {
  name: 'sonosRead',
  summary: '40 nm SONOS, read noise',
  schema: readSchema,
  error({ maxCurrent }: z.output<typeof readSchema>): CellError {
    return saturating(maxCurrent, 12.58037, 215.36557);
  },
};

interface Fit {
  readonly a: number;
  readonly b: number;
  /** Coefficients of the mean shift in nA, from the constant on. */
  readonly p: readonly number[];
}

function saturating(maxCurrent: number, a: number, b: number): CellError {
  const scale = maxCurrent * 1e9;
  return { law: 'normal', sigma: (g) => (a * (1 - Math.exp((-g * scale) / b))) / scale };
}

/** Days 0 … 5. */
const FITS: readonly Fit[] = [
  { a: 19.88665, b: 176.3115, p: [] },
  {
    a: 25.59102,
    b: 186.85544,
    p: [
      1.72684e-1, 5.72552e-2, -6.85715e-4, 3.50271e-6, -9.37682e-9, 1.40575e-11, -1.19803e-14, 5.41293e-18,
      -8.85448e-22, -1.66869e-25, 5.9518e-29,
    ],
  },
  {
    a: 28.72753,
    b: 193.56834,
    p: [
      2.50712e-1, 6.62195e-2, -6.83218e-4, 2.99442e-6, -6.78255e-9, 7.70482e-12, -3.04983e-15, -2.15919e-18,
      2.94617e-21, -1.23359e-24, 1.85329e-28,
    ],
  },
  {
    a: 31.04318,
    b: 198.90332,
    p: [
      -1.753e-2, 9.76883e-2, -9.63791e-4, 4.55551e-6, -1.22391e-8, 1.93786e-11, -1.85899e-14, 1.07659e-17,
      -3.58211e-21, 5.96785e-25, -3.3041e-29,
    ],
  },
  {
    a: 33.76214,
    b: 204.77023,
    p: [
      4.03338e-2, 1.03111e-1, -1.0474e-3, 4.83961e-6, -1.28132e-8, 1.99484e-11, -1.85139e-14, 1.00008e-17,
      -2.84944e-21, 3.01008e-25, 1.18747e-29,
    ],
  },
  {
    a: 34.57909,
    b: 207.34309,
    p: [
      3.19927e-1, 1.06596e-1, -1.04054e-3, 4.5029e-6, -1.10352e-8, 1.56477e-11, -1.27592e-14, 5.45513e-18,
      -7.26841e-22, -2.43893e-25, 7.14608e-29,
    ],
  },
];
