import { z } from 'zod';
import { integer, real } from '../../base/quantity.ts';
import { atNode } from '../technology/interpolation.ts';
import { driverOverrides, overridden } from './cost-keys.ts';
import type { DacFigures, DacModel } from './dac.ts';
import { driverErrors, errorKeys } from './driver-errors.ts';

/** pJ of one row's activation and µm² of all, 128 rows and columns with their switches (NeuroSim V1.3). */
const ENERGY = { 130: 0.667, 65: 0.224, 45: 0.11, 32: 0.0545, 22: 0.0277, 14: 0.0102, 7: 0.005 };
const AREA = { 130: 22620, 65: 6839, 45: 3404, 32: 1689, 22: 784, 14: 213, 7: 51 };
const SIZE = 128;

const schema = z.strictObject({
  type: z.literal('rowDriver'),
  bits: z.literal(1).default(1).describe('widest input slice it can drive: 1'),
  columns: integer({ min: 1, max: 65536 }).default(SIZE).describe('cells on its word line'),
  activity: real({ min: 0, max: 1 })
    .default(1)
    .describe('fraction of input bits that are set: a line that is not driven costs nothing'),
  ...errorKeys,
  ...driverOverrides,
});

/**
 * The one-bit row driver of NeuroSim, power laws between its nodes; energy in proportion to the cells on the line
 * (assumption), area not.
 */
export const rowDriver: DacModel = {
  name: 'rowDriver',
  summary: 'one-bit row driver of NeuroSim by node and columns: 0.055 pJ for 128 columns at 32 nm',
  schema,
  behaviour: driverErrors,
  figures(parameters: z.output<typeof schema>, technology: number): DacFigures {
    const active = (atNode(ENERGY, technology) * 1e-12 * parameters.columns) / SIZE;
    const figures = {
      bits: 1,
      driveEnergy: active * parameters.activity,
      // A figure of the spec is an average of which nobody knows the activity.
      activeEnergy: parameters.energy === undefined ? active : undefined,
      area: (atNode(AREA, technology) * 1e-12) / SIZE,
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
