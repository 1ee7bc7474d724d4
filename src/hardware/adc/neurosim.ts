import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import { atNode } from '../technology/interpolation.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { noiseKeys } from './conversion-keys.ts';
import { costOverrides, overridden } from './cost-keys.ts';

/** µW a bit, µW and W of the column power, low-standby-power transistors (NeuroSim). */
const PER_BIT = { 130: 8.4483, 65: 3.7506, 45: 2.1691, 32: 1.1294, 22: 0.538, 14: 0.3132, 7: 0.1061 };
const BASE = { 130: 65.243, 65: 25.844, 45: 16.693, 32: 8.8998, 22: 4.3753, 14: 2.5681, 7: 0.8847 };
const COLUMN = {
  130: 0.16938,
  65: 0.121272,
  45: 0.100225,
  32: 0.079449,
  22: 0.072341,
  14: 0.061085,
  7: 0.043555,
};
/** Exponent of the column power in decades of resistance; 2.297 at 32 nm, 2.303 (1 / R) at every other node. */
const DECADE = 2.303;

const values = {
  type: z.literal('neurosim'),
  bits: integer({ min: 1, max: 12 }).describe('resolution'),
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  columnResistance: quantity('ohm', { min: 1, max: 1e12, example: '10 kohm' }).describe(
    'of a bit line with all its cells, read at 0.5 V; other voltages V: times 0.5 V / V',
  ),
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 })
    .optional()
    .describe('conversions per second of one converter; left out: 1 ns a bit and one more'),
  ...costOverrides,
});

/**
 * The successive-approximation converter of NeuroSim: power (a b + c) µW + d exp(−k log10 R) W over b + 1 ns, power laws
 * between its nodes. Its area needs transistor sizes: give it, or leave it at 0.
 */
export const neurosimAdc: AdcModel = {
  name: 'neurosim',
  summary: 'successive approximation of NeuroSim by bits, node and column resistance, b + 1 ns; no area',
  schema,
  conversion,
  behaviour({ bits, noise }: z.output<typeof conversion>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise };
  },
  figures(parameters: z.output<typeof schema>, technology: number): AdcFigures {
    const { bits, columnResistance, sampleRate } = parameters;
    const own = (atNode(PER_BIT, technology) * bits + atNode(BASE, technology)) * 1e-6;
    const column = atNode(COLUMN, technology) * Math.exp(-DECADE * Math.log10(columnResistance));
    const time = (bits + 1) * 1e-9;
    const figures = {
      bits,
      levels: 2 ** bits,
      conversionTime: sampleRate === undefined ? time : 1 / sampleRate,
      conversionEnergy: (own + column) * time,
      area: 0,
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
