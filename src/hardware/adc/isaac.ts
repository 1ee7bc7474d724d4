import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import { converterAreaRatio, converterEnergyRatio } from '../technology/converter-scaling.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { noiseKeys } from './conversion-keys.ts';
import { costOverrides, overridden } from './cost-keys.ts';

/** pJ and µm² at 32 nm from 4 bits on: see `isaacAdc`. */
const TABLE = [
  [0.79, 361],
  [0.99, 477],
  [1.2, 627],
  [1.42, 845],
  [2 / 1.2, 1200],
  [1.97, 1828],
  [2.38, 3002],
] as const;
const LEAST_BITS = 4;
const NODE = 32e-9;

const values = {
  type: z.literal('isaac'),
  bits: integer({ min: LEAST_BITS, max: LEAST_BITS + TABLE.length - 1 }).describe('resolution'),
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  sampleRate: quantity('samples/s', { min: 1e3, max: 1.5e9 }).describe(
    'conversions per second of one converter; the table’s is 1.2 GS/s',
  ),
  ...costOverrides,
});

/**
 * The converter of ISAAC: 8 bits at 2 mW and 1.2 GS/s in 1200 µm² of 32 nm (Kull et al., JSSC 2013), other resolutions by
 * the scaling of successive-approximation converters of Saberi et al. (TCAS-I 2011), as tabled in CiMLoop's component
 * library. Energy of a conversion does not depend on the rate; other nodes by the exponents of converters.
 */
export const isaacAdc: AdcModel = {
  name: 'isaac',
  summary: 'successive approximation of ISAAC by bits, 4 to 10: 1.67 pJ and 1200 µm² for 8 at 32 nm',
  schema,
  conversion,
  behaviour({ bits, noise }: z.output<typeof conversion>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise };
  },
  figures(parameters: z.output<typeof schema>, technology: number): AdcFigures {
    const { bits, sampleRate } = parameters;
    const [picojoule, squareMicrometre] = TABLE[bits - LEAST_BITS]!;
    const figures = {
      bits,
      levels: 2 ** bits,
      conversionTime: 1 / sampleRate,
      conversionEnergy: picojoule * 1e-12 * converterEnergyRatio(NODE, technology),
      area: squareMicrometre * 1e-12 * converterAreaRatio(NODE, technology),
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
