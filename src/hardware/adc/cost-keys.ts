import { quantity } from '../../base/quantity.ts';
import type { AdcFigures } from './adc.ts';

/** Figures that a spec may write beside the `type` of a converter that works them out. */
export const costOverrides = {
  energy: quantity('J', { min: 0, max: 1e-6 })
    .optional()
    .describe('of one conversion, instead of the model’s'),
  area: quantity('m^2', { min: 0, max: 1e-4 })
    .optional()
    .describe('of one converter, instead of the model’s'),
  leakage: quantity('W', { min: 0, max: 10 }).optional().describe('of one converter, instead of the model’s'),
};

interface Overrides {
  readonly energy?: number | undefined;
  readonly area?: number | undefined;
  readonly leakage?: number | undefined;
}

/** What a model worked out, with what the spec wrote beside its type. */
export function overridden(figures: AdcFigures, { energy, area, leakage }: Overrides): AdcFigures {
  return {
    ...figures,
    conversionEnergy: energy ?? figures.conversionEnergy,
    area: area ?? figures.area,
    leakage: leakage ?? figures.leakage,
  };
}
