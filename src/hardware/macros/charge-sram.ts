import type { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import { designPeriod } from './clock.ts';
import { chargeSharingEnergy, chargingEnergy, wireCapacitance } from './dynamic-energy.ts';
import { gateArea, gateCapacitance } from './logic-gates.ts';
import type { MacroModel, MacroWork } from './macro.ts';
import { macroSchema, supplyKey } from './macro-schema.ts';
import { converterArea, converterEnergy } from './survey-converter.ts';

const PARTS = ['adc', 'array', 'datapath', 'sparsityController'] as const;

const schema = macroSchema(
  'chargeSram',
  PARTS,
  {
    nominalSupply: quantity('V', { above: 0, max: 5 }).describe('at which the converter survey is taken'),
    rows: integer({ min: 1, max: 65536 }).describe('one-bit inputs of a column'),
    columns: integer({ min: 1, max: 65536 }).describe('outputs, each with a converter'),
    adcBits: integer({ min: 4, max: 14 }),
    cyclesPerInputBit: integer({ min: 1, max: 4096 }).describe('clock periods from input bit to input bit'),
    cellCapacitance: quantity('F', { above: 0, max: 1e-12 }).describe('of a cell, coupling it to its column'),
    cellArea: quantity('m^2', { above: 0, max: 1e-9, example: '0.1 um^2' }).describe(
      'of a cell, its capacitor above it',
    ),
    cellWidth: quantity('m', { above: 0, max: 1e-3, example: '2 um' }).describe('along an input line'),
    accumulatorBits: integer({ min: 1, max: 64 }).describe('of the datapath behind each column'),
  },
  {
    ...supplyKey,
    inputBits: integer({ min: 1, max: 16 }).default(1),
    bitDensity: real({ min: 0, max: 1 }).default(0.5).describe('ones among the bits of inputs and products'),
  },
);

/**
 * SRAM whose cells multiply one bit by one bit and hold the product on a capacitor; a column adds by charge sharing and
 * is converted for every input bit; a digital datapath shifts, adds and scales (Jia et al., JSSC 2020).
 *
 * adc: the converter survey, ∝ V². array: the cells' capacitors and the input lines with a gate in each cell. datapath: shift, add and
 * register of an accumulator; its scaling and activation are not modelled. Energies are of a one-bit operation times the
 * input bits; the sparsity controller is not modelled.
 */
export const chargeSram: MacroModel = {
  name: 'chargeSram',
  summary: 'SRAM with a capacitor a cell, bit-serial inputs and a conversion a column and bit',
  parts: PARTS,
  counted: ['adc', 'array'],
  schema,
  work(spec: z.output<typeof schema>, period: number): MacroWork {
    const { rows, columns, technology, point } = spec;
    const { supply, inputBits, bitDensity } = point;
    const rate = 1 / (period * spec.cyclesPerInputBit);
    const designRate = 1 / (designPeriod(spec.clock) * spec.cyclesPerInputBit);
    const conversion = converterEnergy(spec.adcBits, rate, technology);
    const line = wireCapacitance(columns * spec.cellWidth) + columns * gateCapacitance('input', technology);
    const gates = ['fullAdder', 'multiplexer', 'flipFlop'] as const;
    const accumulator = gates.reduce((sum, gate) => sum + gateCapacitance(gate, technology), 0);
    const accumulatorArea = gates.reduce((sum, gate) => sum + gateArea(gate, technology), 0);
    return {
      operations: 2 * rows * columns,
      periods: spec.cyclesPerInputBit * inputBits,
      energies: {
        adc: inputBits * columns * conversion * (supply / spec.nominalSupply) ** 2,
        array:
          inputBits *
          (columns * chargeSharingEnergy(rows, spec.cellCapacitance, supply, bitDensity) +
            rows * bitDensity * chargingEnergy(line, supply)),
        datapath: inputBits * columns * spec.accumulatorBits * chargingEnergy(accumulator, supply),
        sparsityController: 0,
      },
      areas: {
        adc: columns * converterArea(spec.adcBits, designRate, technology),
        array: rows * columns * spec.cellArea,
        datapath: columns * spec.accumulatorBits * accumulatorArea,
      },
    };
  },
};
