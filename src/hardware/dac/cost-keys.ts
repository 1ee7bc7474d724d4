import { quantity } from '../../base/quantity.ts';
import type { DacFigures } from './dac.ts';

/** Figures that a spec may write beside the `type` of a driver that works them out. */
export const driverOverrides = {
  energy: quantity('J', { min: 0, max: 1e-6 })
    .optional()
    .describe('of one word line for one input slice, instead of the model’s'),
  area: quantity('m^2', { min: 0, max: 1e-6 }).optional().describe('of one driver, instead of the model’s'),
  leakage: quantity('W', { min: 0, max: 1 }).optional().describe('of one driver, instead of the model’s'),
};

interface Overrides {
  readonly energy?: number | undefined;
  readonly area?: number | undefined;
  readonly leakage?: number | undefined;
}

/** What a model worked out, with what the spec wrote beside its type. */
export function overridden(figures: DacFigures, { energy, area, leakage }: Overrides): DacFigures {
  return {
    ...figures,
    driveEnergy: energy ?? figures.driveEnergy,
    area: area ?? figures.area,
    leakage: leakage ?? figures.leakage,
  };
}
