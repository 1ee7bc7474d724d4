import { integer } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicBlock } from '../technology/logic.ts';
import { shiftAndAddFigures, shiftAndAddStructure } from './figures.ts';

const own = { bits: integer({ min: 1, max: 64 }).default(16).describe('of the sum') };

/** Shift-and-add units as NeuroSim builds them: adder, register and control. */
export const neurosimShiftAdd = partModel({
  name: 'neurosim',
  summary: 'shift-and-add by bits: NeuroSim 7 to 130 nm; keeps up with the converters unless given a rate',
  structure: shiftAndAddStructure,
  own,
  figures: shiftAndAddFigures,
  law: ({ bits }, technology) => ({ ...logicBlock('shiftAdd', technology, bits), leakage: 0 }),
});

/** Plain adders, for codes that need no shift: one weight slice, charges accumulated before conversion. */
export const neurosimAdder = partModel({
  name: 'adder',
  summary: 'ripple-carry adder by bits, without a shift: NeuroSim 7 to 130 nm',
  structure: shiftAndAddStructure,
  own,
  figures: shiftAndAddFigures,
  law: ({ bits }, technology) => ({ ...logicBlock('adder', technology, bits), leakage: 0 }),
});
