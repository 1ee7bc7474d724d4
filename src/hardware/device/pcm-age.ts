import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import { compensationFlag } from './compensation.ts';
import type { CellError, DeviceModel } from './device.ts';

const maxConductance = quantity('S', { above: 0, max: 25e-6 })
  .default(25e-6)
  .describe('conductance of the largest weight (measured up to 25 uS)');

const driftSchema = z.strictObject({
  type: z.literal('pcmDrift'),
  after: quantity('s', { min: 20, max: 1e10, example: '1 day' }).describe(
    'age since programming; conductances are told 20 s after it',
  ),
  compensation: compensationFlag(),
});

const programSchema = z.strictObject({ type: z.literal('pcmProgram'), maxConductance });

const readSchema = z.strictObject({
  type: z.literal('pcmRead'),
  after: quantity('s', { min: 0, max: 1e10, example: '1 day' })
    .prefault('20 s')
    .describe('age since programming: 1/f noise grows with it'),
  readTime: quantity('s', { above: 0, max: 1, example: '250 ns' }).prefault('250 ns').describe('of one read'),
});

/**
 * Programming error of phase-change memory as the IBM analog hardware kit has it:
 * σ = max(−1.1731 g² + 1.9650 g + 0.2635, 0) µS at relative conductance g of 25 µS (Nandakumar et al. 2020).
 */
export const pcmProgram: DeviceModel = {
  name: 'pcmProgram',
  summary: 'phase-change memory, programming error of Nandakumar et al. 2020',
  schema: programSchema,
  error(parameters: z.output<typeof programSchema>): CellError {
    const scale = parameters.maxConductance * 1e6;
    return {
      law: 'normal',
      sigma: (g) => Math.max(-1.1731 * g * g + 1.965 * g + 0.2635, 0) / scale,
    };
  },
};

/**
 * Drift of phase-change memory: g (t / 20 s)^−ν, ν normal and kept positive: mean −0.0155 ln g + 0.0244 within
 * 0.049 … 0.1, σ −0.0125 ln g − 0.0059 within 0.008 … 0.045 (Nandakumar et al. 2020, as in the IBM analog hardware
 * kit; t counts from 20 s after programming).
 */
export const pcmDrift: DeviceModel = {
  name: 'pcmDrift',
  drift: 'afterProgramming',
  summary: 'phase-change memory, structural relaxation since programming',
  schema: driftSchema,
  error({ after, compensation }: z.output<typeof driftSchema>): CellError {
    const decay = Math.log(after / 20);
    const exponent = (g: number, z: number) => {
      const level = Math.log(Math.max(g, 1e-6));
      const mean = within(-0.0155 * level + 0.0244, 0.049, 0.1);
      const spread = within(-0.0125 * level - 0.0059, 0.008, 0.045);
      return { mean, spread, drawn: Math.max(mean + spread * z, 0) };
    };
    const moments = (g: number) => {
      const { mean, spread } = exponent(g, 0);
      // Log-normal, but for the exponents that would be negative.
      const first = g * Math.exp(-mean * decay + 0.5 * (spread * decay) ** 2);
      return { mean: first - g, sigma: first * Math.sqrt(Math.expm1((spread * decay) ** 2)) };
    };
    return {
      law: 'normal',
      mean: (g) => moments(g).mean,
      sigma: (g) => moments(g).sigma,
      sample: (g, z) => g * Math.exp(-exponent(g, z).drawn * decay),
      compensated: compensation,
    };
  },
};

/**
 * Read noise of phase-change memory: σ = g Q √ln((t + t_r) / 2 t_r), Q = min(0.0088 / g^0.65, 0.2), t the age and t_r
 * the time of a read (Nandakumar et al. 2020, as in the IBM analog hardware kit).
 */
export const pcmRead: DeviceModel = {
  name: 'pcmRead',
  summary: 'phase-change memory, 1/f read noise since programming',
  schema: readSchema,
  error({ after, readTime }: z.output<typeof readSchema>): CellError {
    const growth = Math.sqrt(Math.max(Math.log((after + readTime) / (2 * readTime)), 0));
    return {
      law: 'normal',
      sigma: (g) => (g > 0 ? g * Math.min(0.0088 / g ** 0.65, 0.2) * growth : 0),
    };
  },
};

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
