import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type ShiftAndAddSpec, shiftAndAddFigures, shiftAndAddStructure } from './figures.ts';
import { isaacShiftAdd } from './isaac.ts';
import { neurosimAdder, neurosimShiftAdd } from './neurosim.ts';

export type { ShiftAndAddSpec } from './figures.ts';

const given = z.strictObject({
  ...shiftAndAddStructure,
  ...shiftAndAddFigures,
  rate: shiftAndAddFigures.rate.optional(),
  area: shiftAndAddFigures.area.default(0).describe('of one unit'),
  leakage: shiftAndAddFigures.leakage.default(0).describe('of one unit'),
});

/** Adds the codes of slices and row blocks, each at its place value. */
export const shiftAndAdds = partFamily<ShiftAndAddSpec>('shift-and-add', given, [
  isaacShiftAdd,
  neurosimShiftAdd,
  neurosimAdder,
]);
