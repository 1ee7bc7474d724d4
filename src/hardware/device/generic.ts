import { z } from 'zod';
import { choice, real } from '../../base/quantity.ts';
import type { CellError, DeviceModel } from './device.ts';

const generic = (type: 'normal' | 'uniform') =>
  z.strictObject({
    type: z.literal(type),
    law: choice(['independent', 'proportional', 'inverse'])
      .default('independent')
      .describe('how the spread depends on the conductance: not, in proportion, or inversely'),
    sigma: real({ min: 0, max: 10 }).describe(
      'standard deviation relative to the largest conductance (e.g. 0.02 or 2 %)',
    ),
  });

const normalSchema = generic('normal');
const uniformSchema = generic('uniform');

/**
 * Normal errors with a spread that does not depend on the state (σ), is proportional to it (σ·g) or inverse
 * (σ/g, and none at g = 0): the generic laws of Xiao et al., IEEE CAS Mag. 22(4) 2022.
 */
export const normal: DeviceModel = {
  name: 'normal',
  summary: 'normal error, independent of the state, proportional or inverse',
  schema: normalSchema,
  error(parameters: z.output<typeof normalSchema>): CellError {
    return { law: 'normal', sigma: spread(parameters.law, parameters.sigma) };
  },
};

/** Uniform errors with the same laws; `sigma` is the standard deviation, so the full width is σ·√12. */
export const uniform: DeviceModel = {
  name: 'uniform',
  summary: 'uniform error of the same standard deviation and laws',
  schema: uniformSchema,
  error(parameters: z.output<typeof uniformSchema>): CellError {
    return { law: 'uniform', sigma: spread(parameters.law, parameters.sigma) };
  },
};

function spread(law: string, sigma: number): (g: number) => number {
  if (law === 'proportional') return (g) => sigma * g;
  if (law === 'inverse') return (g) => (g > 0 ? sigma / g : 0);
  return () => sigma;
}
