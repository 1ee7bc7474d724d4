import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import { converterAreaRatio, converterEnergyRatio } from '../technology/converter-scaling.ts';
import type { DacFigures, DacModel } from './dac.ts';
import { driverErrors, errorKeys } from './driver-errors.ts';
import { driverOverrides, overridden } from './cost-keys.ts';

const NODE = 32e-9;

const schema = z.strictObject({
  type: z.literal('isaac'),
  bits: integer({ min: 1, max: 8 }).default(1).describe('widest input slice it can drive'),
  time: quantity('s', { min: 1e-12, max: 1, example: '100 ns' })
    .prefault('100 ns')
    .describe('of an input slice, for which it draws its power'),
  ...errorKeys,
  ...driverOverrides,
});

/**
 * The one-bit driver of ISAAC: 4 mW and 0.00017 mm² for 8 x 128 of them at 32 nm (Shafiee et al., ISCA 2016, Table I);
 * twice the energy and area for every bit more (the rule of CiMLoop's component library).
 */
export const isaacDac: DacModel = {
  name: 'isaac',
  summary:
    'driver of ISAAC: 3.9 µW and 0.17 µm² at 32 nm, twice for every bit more; other nodes as converters',
  schema,
  behaviour: driverErrors,
  figures(parameters: z.output<typeof schema>, technology: number): DacFigures {
    const more = 2 ** (parameters.bits - 1);
    const figures = {
      bits: parameters.bits,
      driveEnergy: (4e-3 / 1024) * parameters.time * more * converterEnergyRatio(NODE, technology),
      area: (0.00017e-6 / 1024) * more * converterAreaRatio(NODE, technology),
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
