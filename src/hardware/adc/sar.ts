import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';

const schema = z.strictObject({
  type: z.literal('sar'),
  bits: integer({ min: 1, max: 14 }).describe('resolution'),
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
    'conversions per second of one converter',
  ),
  energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion'),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
});

/** A successive-approximation converter described by its published figures. */
export const sar: AdcModel = {
  name: 'sar',
  summary: 'successive approximation, by the figures given: they do not follow bits by themselves',
  schema,
  conversion: schema,
  behaviour({ bits }: z.output<typeof schema>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise: 0 };
  },
  figures(parameters: z.output<typeof schema>): AdcFigures {
    return {
      bits: parameters.bits,
      levels: 2 ** parameters.bits,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
};
