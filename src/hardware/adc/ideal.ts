import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';

const values = { type: z.literal('ideal') };
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
    'conversions per second of one converter',
  ),
  energy: quantity('J', { min: 0, max: 1e-6 }).default(0).describe('of one conversion'),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
});

/** A converter that gives the current itself: to see what cells, wires and drivers do on their own. */
export const ideal: AdcModel = {
  name: 'ideal',
  summary: 'no quantization at all: the current itself',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    return {
      bits: 0,
      levels: 0,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(): AdcBehaviour {
    return { levels: 0, grid: 'endpoints', noise: 0 };
  },
};
