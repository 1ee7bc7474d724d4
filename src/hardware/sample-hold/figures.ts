import { quantity } from '../../base/quantity.ts';

/** Holds the bit-line values while the converters work through them: one for each bit line. */
export interface SampleAndHoldSpec {
  /** J of one sample. */
  readonly energy: number;
  /** m² of one. */
  readonly area: number;
}

export const sampleAndHoldFigures = {
  energy: quantity('J', { min: 0, max: 1e-9 }).describe('of one sample'),
  area: quantity('m^2', { min: 0, max: 1e-6 }).describe('of one'),
};
