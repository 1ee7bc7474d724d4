import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';

const schema = z.strictObject({
  type: z.literal('flash'),
  bits: integer({ min: 1, max: 8 }).describe('resolution: 2^bits − 1 comparators'),
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
    'conversions per second of one converter',
  ),
  comparatorEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one comparator in one conversion'),
  comparatorArea: quantity('m^2', { min: 0, max: 1e-6 }).default(0).describe('of one comparator'),
  comparatorLeakage: quantity('W', { min: 0, max: 1 }).default(0).describe('of one comparator'),
});

/**
 * A flash converter: one comparator per threshold, so that energy and area grow with levels − 1 (the cost law
 * of Kim et al., ACM JETC 18(4) 2022, for extreme partial-sum quantization).
 */
export const flash: AdcModel = {
  name: 'flash',
  summary: 'one comparator per threshold: cost grows with 2^bits − 1',
  schema,
  conversion: schema,
  behaviour({ bits }: z.output<typeof schema>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise: 0 };
  },
  figures(parameters: z.output<typeof schema>): AdcFigures {
    const levels = 2 ** parameters.bits;
    const comparators = levels - 1;
    return {
      bits: parameters.bits,
      levels,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: comparators * parameters.comparatorEnergy,
      area: comparators * parameters.comparatorArea,
      leakage: comparators * parameters.comparatorLeakage,
    };
  },
};
