import { choice, integer } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { logicBlock } from '../technology/logic.ts';
import { shiftAndAddFigures, shiftAndAddStructure } from './figures.ts';

const own = { bits: integer({ min: 1, max: 64 }).default(16).describe('of the sum') };

const REGISTERS = 2;
/** Shares of gates that switch, and energy after layout over before: NeuroSim's calibration to silicon, V1.3 and later. */
const SILICON = { adder: 0.15, registers: 0.5, layout: 1.22 };

/**
 * Shift-and-add units as NeuroSim builds them: an adder and two registers, which is what its figures add up to (within
 * 0.4 % at every node).
 */
export const neurosimShiftAdd = partModel({
  name: 'neurosim',
  summary: 'shift-and-add by bits: NeuroSim 7 to 130 nm; keeps up with the converters unless given a rate',
  structure: shiftAndAddStructure,
  own: {
    ...own,
    switching: choice(['all', 'silicon'])
      .default('all')
      .describe(
        'gates that switch in an addition. silicon: as NeuroSim calibrates them, about half the energy',
      ),
  },
  figures: shiftAndAddFigures,
  law({ bits, switching }, technology) {
    const unit = logicBlock('shiftAdd', technology, bits);
    if (switching === 'all') return { ...unit, leakage: 0 };
    const adder = SILICON.adder * logicBlock('adder', technology, bits).energy;
    const registers = SILICON.registers * REGISTERS * logicBlock('flipFlops', technology, bits).energy;
    return { ...unit, energy: SILICON.layout * (adder + registers), leakage: 0 };
  },
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
