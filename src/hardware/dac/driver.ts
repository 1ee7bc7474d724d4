import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { DacFigures, DacModel } from './dac.ts';
import { driverErrors, errorKeys } from './driver-errors.ts';

const schema = z.strictObject({
  type: z.literal('driver'),
  bits: integer({ min: 1, max: 12 }).default(1).describe('widest input slice it can drive'),
  ...errorKeys,
  energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one word line for one input slice'),
  activeEnergy: quantity('J', { min: 0, max: 1e-6 })
    .optional()
    .describe('of a word line that is driven by anything but 0: what measured reads charge, for those alone'),
  area: quantity('m^2', { min: 0, max: 1e-6 }).default(0).describe('of one driver'),
  leakage: quantity('W', { min: 0, max: 1 }).default(0).describe('of one driver'),
});

/** A word-line driver described by its published figures. */
export const driver: DacModel = {
  name: 'driver',
  summary: 'word-line driver, by published energy and area',
  schema,
  behaviour: driverErrors,
  figures(parameters: z.output<typeof schema>): DacFigures {
    return {
      bits: parameters.bits,
      driveEnergy: parameters.energy,
      activeEnergy: parameters.activeEnergy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
};
