import { z } from 'zod';
import { choice } from '../../base/quantity.ts';
import { converterAreaRatio, converterEnergyRatio } from '../technology/converter-scaling.ts';
import { driverOverrides, overridden } from './cost-keys.ts';
import type { DacFigures, DacModel } from './dac.ts';
import { driverErrors, errorKeys } from './driver-errors.ts';

/** Drivers of published accelerators, as tabled in CiMLoop's component library: pJ of a drive and µm², at so many nm. */
const DESIGNS = {
  /** Song et al. (BRAHMS), DAC 2021: 8 bits at 1.1 GS/s. */
  brahms: { bits: 8, energy: 0.291, area: 438, node: 40 },
  /** Li et al., ISCA 2020: a digital-to-time converter of 8 bits. */
  timely: { bits: 8, energy: 0.0375, area: 240, node: 65 },
} as const;

const schema = z.strictObject({
  type: z.literal('published'),
  design: choice(['brahms', 'timely']).describe('brahms: 8 bits, 40 nm; timely: 8 bits in time, 65 nm'),
  ...errorKeys,
  ...driverOverrides,
});

/** A driver of a published accelerator, as wide as it is; other nodes by the exponents of converters. */
export const publishedDac: DacModel = {
  name: 'published',
  summary: 'drivers of BRAHMS and TIMELY (digital to time), 8 bits; other nodes as converters',
  schema,
  behaviour: driverErrors,
  figures(parameters: z.output<typeof schema>, technology: number): DacFigures {
    const { bits, energy, area, node } = DESIGNS[parameters.design];
    const figures = {
      bits,
      driveEnergy: energy * 1e-12 * converterEnergyRatio(node * 1e-9, technology),
      area: area * 1e-12 * converterAreaRatio(node * 1e-9, technology),
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
