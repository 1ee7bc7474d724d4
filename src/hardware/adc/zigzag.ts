import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { noiseKeys } from './conversion-keys.ts';
import { costOverrides, overridden } from './cost-keys.ts';

const values = {
  type: z.literal('zigzag'),
  bits: integer({ min: 1, max: 12 }).describe('resolution'),
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  rows: integer({ min: 1, max: 65536 }).describe('cells on the bit line that it converts: they slow it'),
  supply: quantity('V', { above: 0, max: 10 }).describe('supply voltage'),
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 })
    .optional()
    .describe('conversions per second of one converter, instead of the model’s'),
  ...costOverrides,
});

/**
 * The converter law of ZigZag-IMC (Houshmand et al., after Murmann), fitted to three SRAM chips of 28 nm:
 * E = (0.1 b + 1e-6 · 4^b) V² pJ, t = b (0.00653 rows + 0.64) ns, A = 10^(1.206 − 0.0369 b) 2^b µm². Nodes other than
 * 28 nm are not scaled.
 */
export const zigzagAdc: AdcModel = {
  name: 'zigzag',
  summary: 'law of ZigZag-IMC by bits, rows and supply: 28 nm SRAM macros, 0.70 pJ for 8 bits at 0.9 V',
  schema,
  conversion,
  behaviour({ bits, noise }: z.output<typeof conversion>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise };
  },
  figures(parameters: z.output<typeof schema>): AdcFigures {
    const { bits, rows, supply, sampleRate } = parameters;
    const figures = {
      bits,
      levels: 2 ** bits,
      conversionTime: sampleRate === undefined ? bits * (0.00653 * rows + 0.64) * 1e-9 : 1 / sampleRate,
      conversionEnergy: (0.1 * bits + 1e-6 * 4 ** bits) * supply ** 2 * 1e-12,
      area: bits === 1 ? 0 : 10 ** (1.206 - 0.0369 * bits) * 2 ** bits * 1e-12,
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
