import type { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import { chargingEnergy, wireCapacitance } from './dynamic-energy.ts';
import { gateCapacitance } from './logic-gates.ts';
import type { MacroConflict, MacroModel, MacroWork } from './macro.ts';
import { macroSchema, supplyKey } from './macro-schema.ts';

const PARTS = ['converter', 'wordLines', 'counters', 'bitLines', 'weightingCapacitors'] as const;

const schema = macroSchema(
  'pulseSram',
  PARTS,
  {
    rows: integer({ min: 1, max: 4096 }).describe('inputs of an operation'),
    outputs: integer({ min: 1, max: 4096 }).describe('results of an operation, each with a flash converter'),
    inputBits: integer({ min: 1, max: 8 }).describe('2^bits − 1 pulses at most'),
    weightBits: integer({ min: 1, max: 8 }).describe('columns of an output, weighted by capacitors'),
    adcBits: integer({ min: 1, max: 8 }),
    comparatorCapacitance: quantity('F', { above: 0, max: 1e-12 }).describe(
      'switched by one comparison, its latch included',
    ),
    comparatorArea: quantity('m^2', { above: 0, max: 1e-8, example: '10 um^2' }),
    unitCapacitance: quantity('F', { above: 0, max: 1e-12 }).describe(
      'of the binary-weighted computation capacitors',
    ),
    capacitorDensity: quantity('F/m^2', { above: 0, max: 1, example: '2 fF/um^2' }),
    cellArea: quantity('m^2', { above: 0, max: 1e-9, example: '0.1 um^2' }).describe('of a bit of SRAM'),
    cellPitch: quantity('m', { above: 0, max: 1e-4, example: '0.4 um' }).describe(
      'along and across the word line',
    ),
  },
  {
    ...supplyKey,
    output: real({ min: 0, max: 255 }).describe(
      'mean code of the converters; inputs and weights follow as its square root',
    ),
  },
);

/**
 * Eight-transistor SRAM read by trains of pulses: an input is a number of word-line pulses, each discharges the bit lines of cells
 * that hold 1, capacitors weigh the bits of a weight, a flash converter reads the sum (Sinangil et al., JSSC 2021).
 *
 * converter: all comparators at every operation, whatever the data. wordLines and counters: ∝ pulses, that is the mean
 * input. bitLines and weightingCapacitors: ∝ input × weight. Everything ∝ V². Full scale of the output is full input times full
 * weight: mean input = mean weight = √(output / 2^adcBits) of full scale.
 */
export const pulseSram: MacroModel = {
  name: 'pulseSram',
  summary: 'SRAM read by pulse trains, weight bits joined by capacitors, flash converters',
  parts: PARTS,
  schema,
  conflicts({ adcBits, point }: z.output<typeof schema>): readonly MacroConflict[] {
    const highest = 2 ** adcBits - 1;
    if (point.output <= highest) return [];
    const problem = `a mean code of ${point.output} from converters of ${adcBits} bits`;
    return [{ path: ['point', 'output'], problem, cure: `at most ${highest}` }];
  },
  work(spec: z.output<typeof schema>): MacroWork {
    const { rows, outputs, technology, point } = spec;
    const { supply } = point;
    const value = Math.sqrt(point.output / 2 ** spec.adcBits);
    const pulses = value * (2 ** spec.inputBits - 1);
    const columns = outputs * spec.weightBits;
    const gate = gateCapacitance('input', technology);
    const cellWire = wireCapacitance(spec.cellPitch);
    const wordLine = columns * (cellWire + gate);
    // A binary counter flips two bits a count on average.
    const counter = 2 * gateCapacitance('flipFlop', technology);
    const bitLine = rows * (cellWire + gate);
    const comparators = outputs * (2 ** spec.adcBits - 1);
    return {
      operations: 2 * rows * outputs,
      periods: 1,
      energies: {
        converter: comparators * chargingEnergy(spec.comparatorCapacitance, supply),
        wordLines: rows * pulses * chargingEnergy(wordLine, supply),
        counters: rows * pulses * chargingEnergy(counter, supply),
        bitLines: columns * value ** 2 * chargingEnergy(bitLine, supply),
        weightingCapacitors:
          outputs * value ** 2 * chargingEnergy(2 ** spec.weightBits * spec.unitCapacitance, supply),
      },
      areas: {
        converter: comparators * spec.comparatorArea,
        bitLines: rows * columns * spec.cellArea,
        weightingCapacitors: (outputs * 2 ** spec.weightBits * spec.unitCapacitance) / spec.capacitorDensity,
      },
    };
  },
};
