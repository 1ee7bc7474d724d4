import type { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import { designPeriod } from './clock.ts';
import { chargeSharingEnergy, chargingEnergy, wireCapacitance } from './dynamic-energy.ts';
import { ladderDraw } from './ladder.ts';
import { gateCapacitance } from './logic-gates.ts';
import type { MacroModel, MacroWork } from './macro.ts';
import { macroSchema, supplyKey } from './macro-schema.ts';
import { converterArea, converterEnergy } from './survey-converter.ts';

const PARTS = ['adc', 'dac', 'array', 'control'] as const;

const schema = macroSchema(
  'c2cSram',
  PARTS,
  {
    nominalSupply: quantity('V', { above: 0, max: 5 }).describe('at which the converter survey is taken'),
    rows: integer({ min: 1, max: 4096 }).describe('inputs of an operation'),
    columns: integer({ min: 1, max: 4096 }).describe('outputs of an operation'),
    weightBits: integer({ min: 1, max: 12 }).describe('legs of a multiplier'),
    banks: integer({ min: 1, max: 256 }).describe('weights behind each multiplier, one of which is read'),
    inputBits: integer({ min: 1, max: 12 }),
    adcBits: integer({ min: 4, max: 14 }),
    unitResistance: quantity('ohm', { above: 0, max: 1e9 }).describe(
      'R of the R-2R ladders that drive the inputs',
    ),
    unitCapacitance: quantity('F', { above: 0, max: 1e-12 }).describe('leg of a C-2C multiplier'),
    capacitorDensity: quantity('F/m^2', { above: 0, max: 1, example: '2 fF/um^2' }),
    cellArea: quantity('m^2', { above: 0, max: 1e-9, example: '0.1 um^2' }).describe('of a bit of SRAM'),
    multiplierPitch: quantity('m', { above: 0, max: 1e-3, example: '7 um' }).describe(
      'from multiplier to multiplier',
    ),
  },
  {
    ...supplyKey,
    bitDensity: real({ min: 0, max: 1 }).default(0.5).describe('ones among the bits of inputs and weights'),
  },
);

/**
 * SRAM whose weight bits switch C-2C ladders between ground and an analog input: one multi-bit product a ladder, summed
 * by charge sharing along a column, then one conversion (Wang et al., VLSI 2022).
 *
 * adc: the converter survey, ∝ V². dac: two R-2R ladders an input, on half the supply, drawing current during the whole
 * period. array: the ladders of the multipliers, the wires, and weight bits read from their banks to the switches.
 * control: not modelled (0 without a published split).
 */
export const c2cSram: MacroModel = {
  name: 'c2cSram',
  summary: 'SRAM with C-2C ladder multipliers, R-2R input drivers and one conversion a column',
  parts: PARTS,
  schema,
  work(spec: z.output<typeof schema>, period: number): MacroWork {
    const { rows, columns, technology, point } = spec;
    const { supply, bitDensity } = point;
    const multipliers = rows * columns;
    const conversion = converterEnergy(spec.adcBits, 1 / period, technology);
    const ladderPower =
      ((supply / 2) ** 2 / (2 * spec.unitResistance)) * ladderDraw(spec.inputBits, bitDensity);
    // Inputs are uniform between the rails: the mean of their square is a third of the supply's.
    const ladder =
      (chargingEnergy(spec.unitCapacitance, supply) / 3) * ladderDraw(spec.weightBits, bitDensity);
    const inputWire = chargingEnergy(wireCapacitance(columns * spec.multiplierPitch), supply) / 3;
    const outputWire = chargeSharingEnergy(
      1,
      wireCapacitance(rows * spec.multiplierPitch),
      supply,
      bitDensity,
    );
    // Legs of one unit, elements of two between them, one unit at the end.
    const capacitorArea = ((3 * spec.weightBits - 1) * spec.unitCapacitance) / spec.capacitorDensity;
    // Every operation reads another bank: a bit rises with probability p (1 − p).
    const switched =
      wireCapacitance(spec.multiplierPitch) + (spec.banks + 2) * gateCapacitance('input', technology);
    const weightBit = chargeSharingEnergy(1, switched, supply, bitDensity);
    return {
      operations: 2 * multipliers,
      periods: 1,
      energies: {
        adc: columns * conversion * (supply / spec.nominalSupply) ** 2,
        dac: rows * 2 * ladderPower * period,
        array: multipliers * (ladder + spec.weightBits * weightBit) + rows * inputWire + columns * outputWire,
        control: 0,
      },
      areas: {
        adc: columns * converterArea(spec.adcBits, 1 / designPeriod(spec.clock), technology),
        dac: rows * 2 * spec.inputBits * resistorArea(spec.unitResistance, technology),
        array: multipliers * spec.weightBits * spec.banks * spec.cellArea + multipliers * capacitorArea,
      },
    };
  },
};

/** m² a bit of an R-2R ladder of unit R: 0.7e-14 m²/Ω at 22 nm, with the square of the node (CiMLoop's model of the macro). */
function resistorArea(resistance: number, technology: number): number {
  return 0.7e-14 * (technology / 22e-9) ** 2 * resistance;
}
