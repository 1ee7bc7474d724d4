import { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { circuitKeys, inverseGain, isPerfect, noiseKeys, stepsOfRange } from './conversion-keys.ts';
import { chain, fabricateStage } from './redundant-stages.ts';

const values = {
  type: z.literal('pipeline'),
  bits: integer({ min: 2, max: 14 }).describe('resolution'),
  ...circuitKeys,
  parasiticCapacitance: real({ min: 0, max: 10 })
    .default(0)
    .describe('at the amplifier’s input, relative to a capacitor of a stage'),
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
    const { bits, noise, comparatorOffset, amplifierGain } = parameters;
    const levels = 2 ** bits;
    if (isPerfect(parameters)) return { levels, grid: 'endpoints', noise };
    const offset = stepsOfRange(comparatorOffset, levels);
    const errors = {
      mismatch: parameters.capacitorMismatch,
      offset,
      parasitic: parameters.parasiticCapacitance,
    };
    return {
      levels,
      grid: 'centres',
      noise,
      fabricate: (normal) => {
        const stages = Array.from({ length: bits - 1 }, () => fabricateStage(errors, normal));
        return chain(stages, offset * normal(), inverseGain(amplifierGain));
      },
    };
  },
};
