import { real } from '../../base/quantity.ts';
import type { DacBehaviour } from './dac.ts';

/** Keys of the errors that any word-line driver may have. */
export const errorKeys = {
  gainError: real({ min: 0, max: 1 })
    .default(0)
    .describe('relative standard deviation of its gain, drawn once per chip and word line'),
  inl: real({ min: -0.25, max: 0.25 })
    .default(0)
    .describe('integral nonlinearity: largest bend of a parabola through both ends, relative to full scale'),
  noise: real({ min: 0, max: 1 })
    .default(0)
    .describe('standard deviation of every drive, relative to what is driven'),
};

export function driverErrors({ gainError, inl, noise }: DacBehaviour): DacBehaviour {
  return { gainError, inl, noise };
}
