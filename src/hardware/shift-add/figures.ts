import { integer, quantity } from '../../base/quantity.ts';

/** Units that add the codes of slices and row blocks, each at its place value. */
export interface ShiftAndAddSpec {
  /** Units of each core. */
  readonly count: number;
  /** Additions per second of one unit; undefined: they keep up with the converters. */
  readonly rate?: number | undefined;
  /** J of one addition. */
  readonly energy: number;
  /** m² and W of one unit. */
  readonly area: number;
  readonly leakage: number;
}

export const shiftAndAddStructure = {
  count: integer({ min: 1, max: 65536 }).default(1).describe('units of each core'),
};

export const shiftAndAddFigures = {
  rate: quantity('Hz', { min: 1e3, max: 1e13 }).describe(
    'additions per second of one unit; left out: they keep up with the converters and take no time',
  ),
  energy: quantity('J', { min: 0, max: 1e-9 }).describe('of one addition'),
  area: quantity('m^2', { min: 0, max: 1e-6 }).describe('of one unit'),
  leakage: quantity('W', { min: 0, max: 1 }).describe('of one unit'),
};
