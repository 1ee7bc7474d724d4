import type { z } from 'zod';
import { flag, integer, quantity, real } from '../../base/quantity.ts';
import { chargingEnergy, wireCapacitance } from './dynamic-energy.ts';
import { gateArea, gateCapacitance } from './logic-gates.ts';
import type { MacroConflict, MacroModel, MacroWork } from './macro.ts';
import { macroSchema, supplyKey } from './macro-schema.ts';

const PARTS = ['logic', 'drivers', 'registers', 'decoder'] as const;

const schema = macroSchema(
  'digitalSram',
  PARTS,
  {
    rows: integer({ min: 1, max: 4096 }).describe('inputs that a column adds up'),
    columns: integer({ min: 1, max: 4096 }).describe('bits of all weights and sums side by side'),
    cellArea: quantity('m^2', { above: 0, max: 1e-9, example: '0.1 um^2' }).describe('of a bit of SRAM'),
    cellPitch: quantity('m', { above: 0, max: 1e-4, example: '3 um' }).describe('along an input line'),
    registerAdders: integer({ min: 0, max: 64 }).describe('delay of a register in full adders'),
    activity: real({ min: 0, max: 1 }).default(0.25).describe('rises a cycle of a node with random data'),
    perUsedColumn: flag()
      .default(false)
      .describe('divide the energy by the used share of the columns, as the published series does'),
  },
  {
    ...supplyKey,
    inputBits: integer({ min: 1, max: 16 }),
    weightBits: integer({ min: 1, max: 16 }),
    registers: integer({ min: 1, max: 128 })
      .default(16)
      .describe('rows of registers that cut the adder chains'),
  },
);

/**
 * SRAM with a full adder in every cell: an input bit multiplies a row of weights, sums ripple down the columns, registers cut the
 * chains (Kim et al., Colonnade, JSSC 2021). A weight of w bits takes w + log2(rows) columns, so that a sum fits.
 *
 * logic: XNOR, adder and two multiplexers of every cell, also of unused ones. drivers: the input line and a gate in each cell.
 * registers: clocked every cycle. decoder: not modelled (0 without a published split). The clock of the spec is the delay
 * of a full adder.
 */
export const digitalSram: MacroModel = {
  name: 'digitalSram',
  summary: 'SRAM with an adder in every cell, bit-serial inputs, fully digital',
  parts: PARTS,
  schema,
  conflicts({ rows, columns, point }: z.output<typeof schema>): readonly MacroConflict[] {
    const conflicts: MacroConflict[] = [];
    const taken = columnsOfWeight(point.weightBits, rows);
    if (taken > columns) {
      const problem = `a weight and its sums take ${taken} columns, there are ${columns}`;
      conflicts.push({ path: ['point', 'weightBits'], problem, cure: 'use fewer bits or more columns' });
    }
    if (point.registers > rows) {
      const problem = `${point.registers} rows of registers between ${rows} rows`;
      conflicts.push({ path: ['point', 'registers'], problem, cure: `at most ${rows}` });
    }
    return conflicts;
  },
  work(spec: z.output<typeof schema>): MacroWork {
    const { rows, columns, technology, point, activity } = spec;
    const { supply, inputBits, weightBits, registers } = point;
    const taken = columnsOfWeight(weightBits, rows);
    const outputs = Math.floor(columns / taken);
    const gate = (name: Parameters<typeof gateCapacitance>[0]) => gateCapacitance(name, technology);
    const cell = gate('xor') + gate('fullAdder') + 2 * gate('multiplexer');
    const cellLogicArea =
      gateArea('xor', technology) +
      gateArea('fullAdder', technology) +
      2 * gateArea('multiplexer', technology);
    const line = wireCapacitance(columns * spec.cellPitch) + columns * gate('input');
    const scale = inputBits * (spec.perUsedColumn ? columns / (outputs * taken) : 1);
    return {
      operations: 2 * rows * outputs,
      periods: inputBits * (Math.ceil(rows / registers) + taken + spec.registerAdders),
      energies: {
        logic: scale * rows * columns * activity * chargingEnergy(cell, supply),
        drivers: scale * rows * activity * chargingEnergy(line, supply),
        registers: scale * registers * columns * chargingEnergy(gate('flipFlop'), supply),
        decoder: 0,
      },
      areas: {
        logic: rows * columns * (spec.cellArea + cellLogicArea),
        registers: registers * columns * gateArea('flipFlop', technology),
      },
    };
  },
};

/** Columns of a weight of w bits: as many as its sum over all rows has bits. */
function columnsOfWeight(weightBits: number, rows: number): number {
  return weightBits + Math.ceil(Math.log2(rows));
}
