import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import { compensationFlag } from './compensation.ts';
import type { CellError, DeviceModel } from './device.ts';

/** s after programming: where drift starts, and when the two errors are told. */
const START = 20;
const FIRST_NOISE = 27.36;
const SECOND_NOISE = 55.39;

const maxConductance = quantity('S', { above: 0, max: 25e-6 })
  .default(25e-6)
  .describe('conductance of the largest weight (measured up to 25 uS)');

const schema = z.strictObject({ type: z.literal('pcm'), maxConductance });

const driftSchema = z.strictObject({
  type: z.literal('pcmJoshiDrift'),
  maxConductance,
  after: quantity('s', { min: SECOND_NOISE, max: 1e10, example: '1 day' }).describe(
    'age since programming (the last of its errors comes 55.39 s after it)',
  ),
  compensation: compensationFlag(),
});

/**
 * Programming error of phase-change memory: σ = max(−0.00178767 G² + 0.07585724 G + 0.28638599, 0) µS for G in
 * µS up to 25 (fit to Joshi et al., Nature Communications 11:2473, 2020, as tabulated by CrossSim 3.2).
 */
export const pcm: DeviceModel = {
  name: 'pcm',
  summary: 'phase-change memory, programming error of Joshi et al. 2020',
  schema,
  error(parameters: z.output<typeof schema>): CellError {
    const scale = parameters.maxConductance * 1e6;
    return { law: 'normal', sigma: (g) => programmed(g * scale) / scale };
  },
};

/**
 * Phase-change memory with age, programming error included (so `program` stays ideal). From 20 s on conductances decay
 * as t^−ν, ν normal with a mean and spread of its own at each conductance; the programming error joins at 27.36 s, a
 * second one of σ = max(1.904e-4 G³ − 7.290e-3 G² + 0.1004 G + 0.1923, 0) µS at 55.39 s (fit to Joshi et al. 2020, as
 * CrossSim 2.0 had it). Mean and σ are exact; errors are drawn as normal ones (an assumption).
 */
export const pcmJoshiDrift: DeviceModel = {
  name: 'pcmJoshiDrift',
  drift: 'withProgramming',
  summary: 'phase-change memory with age by Joshi et al. 2020, programming error included',
  schema: driftSchema,
  error({ maxConductance: largest, after, compensation }: z.output<typeof driftSchema>): CellError {
    const scale = largest * 1e6;
    const moments = (g: number) => {
      const level = g * scale;
      const mu = Math.max(-0.0045 * level + 0.08, Math.min(0.06, Math.max(-0.00169 * level + 0.0825, 0.055)));
      const spread = 1 / (8 * level + 30.032);
      // Mean of r^(−k ν) for a normal ν.
      const decay = (ratio: number, k = 1) =>
        Math.exp(-k * mu * Math.log(ratio) + 0.5 * (k * spread * Math.log(ratio)) ** 2);
      const atSecond = level * decay(SECOND_NOISE / START);
      const mean = level * decay(after / START);
      const variance =
        level ** 2 * decay(after / START, 2) -
        mean ** 2 +
        programmed(level) ** 2 * decay(after / FIRST_NOISE, 2) +
        aged(atSecond) ** 2 * decay(after / SECOND_NOISE, 2);
      return { mean: mean / scale - g, sigma: Math.sqrt(Math.max(variance, 0)) / scale };
    };
    return {
      law: 'normal',
      mean: (g) => moments(g).mean,
      sigma: (g) => moments(g).sigma,
      compensated: compensation,
    };
  },
};

/** µS of a programming error at G in µS. */
function programmed(level: number): number {
  return Math.max(-0.00178767 * level ** 2 + 0.07585724 * level + 0.28638599, 0);
}

/** µS of what reading later adds, at G in µS. */
function aged(level: number): number {
  return Math.max(((1.904e-4 * level - 7.29e-3) * level + 0.1004) * level + 0.1923, 0);
}
