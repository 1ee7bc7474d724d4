import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { DacFigures, DacModel } from './dac.ts';
import { driverErrors, errorKeys } from './driver-errors.ts';

const schema = z.strictObject({
  type: z.literal('capacitive'),
  bits: integer({ min: 1, max: 12 }).describe('widest input slice it can drive'),
  ...errorKeys,
  supply: quantity('V', { above: 0, max: 10 }).describe('supply voltage'),
  capacitancePerBit: quantity('F', { above: 0, max: 1e-9 }).prefault('50 fF').describe('switched per bit'),
  area: quantity('m^2', { min: 0, max: 1e-6 }).default(0).describe('of one driver'),
});

/**
 * A multi-bit driver that switches a capacitance per bit: E = C · bits · V², 50 fF per bit by default
 * (Houshmand et al., ZigZag-IMC, fitted to three 28 nm chips).
 */
export const capacitive: DacModel = {
  name: 'capacitive',
  summary: 'multi-bit driver, energy = 50 fF × bits × V²',
  schema,
  behaviour: driverErrors,
  figures(parameters: z.output<typeof schema>): DacFigures {
    return {
      bits: parameters.bits,
      driveEnergy: parameters.capacitancePerBit * parameters.bits * parameters.supply ** 2,
      area: parameters.area,
      leakage: 0,
    };
  },
};
