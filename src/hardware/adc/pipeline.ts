import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { circuitKeys, inverseGain, noiseKeys } from './conversion-keys.ts';
import { chain, fabricateStage } from './redundant-stages.ts';

const values = {
  type: z.literal('pipeline'),
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
 * A pipelined converter: bits − 1 stages of 1.5 bits and a comparator, each with errors of its own. A new conversion
 * starts with every clock period (the latency of the chain is left out: the pipeline behind the crossbar hides it, an
 * assumption).
 */
export const pipeline: AdcModel = {
  name: 'pipeline',
  summary: '1.5-bit stages one behind the other: a conversion each clock period',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    return {
      bits: parameters.bits,
      levels: 2 ** parameters.bits,
      conversionTime: 1 / parameters.clock,
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
          Array.from({ length: bits - 1 }, () => fabricateStage(mismatch, offset, normal)),
          inverseGain(amplifierGain),
        ),
    };
  },
};
