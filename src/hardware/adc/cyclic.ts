import { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { circuitKeys, inverseGain, isPerfect, noiseKeys, stepsOfRange } from './conversion-keys.ts';
import { chain, fabricateStage, type Stage } from './redundant-stages.ts';

const values = {
  type: z.literal('cyclic'),
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
        const stages = Array<Stage>(bits - 1).fill(fabricateStage(errors, normal));
        return chain(stages, offset * normal(), inverseGain(amplifierGain));
      },
    };
  },
};
