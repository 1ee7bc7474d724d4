import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { circuitKeys, inverseGain, noiseKeys } from './conversion-keys.ts';
import { chain, fabricateStage, type Stage } from './redundant-stages.ts';

const values = {
  type: z.literal('cyclic'),
  bits: integer({ min: 2, max: 14 }).describe('resolution'),
  ...circuitKeys,
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  clock: quantity('Hz', { min: 1e3, max: 1e12 }).describe('stages passed per second'),
  energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion'),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
});

/**
 * A cyclic (algorithmic) converter: one stage of 1.5 bits through which what is left goes bits − 1 times, so that its
 * errors come back at every bit; a conversion takes `bits` clock periods.
 */
export const cyclic: AdcModel = {
  name: 'cyclic',
  summary: 'one 1.5-bit stage used again and again: bits clock periods a conversion',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    return {
      bits: parameters.bits,
      levels: 2 ** parameters.bits,
      conversionTime: parameters.bits / parameters.clock,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { bits, noise, capacitorMismatch: mismatch, comparatorOffset, amplifierGain } = parameters;
    if (mismatch === 0 && comparatorOffset === 0 && amplifierGain === undefined) {
      return { levels: 2 ** bits, grid: 'endpoints', noise };
    }
    const offset = (comparatorOffset * 2) / 2 ** bits;
    return {
      levels: 2 ** bits,
      grid: 'centres',
      noise,
      fabricate: (normal) =>
        chain(
          Array<Stage>(bits - 1).fill(fabricateStage(mismatch, offset, normal)),
          inverseGain(amplifierGain),
        ),
    };
  },
};
