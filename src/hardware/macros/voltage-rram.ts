import type { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import { chargingEnergy } from './dynamic-energy.ts';
import type { MacroConflict, MacroModel, MacroWork } from './macro.ts';
import { macroSchema, supplyKey } from './macro-schema.ts';

const PARTS = ['wordLines', 'neurons', 'inputPulses', 'other'] as const;

const schema = macroSchema(
  'voltageRram',
  PARTS,
  {
    rows: integer({ min: 1, max: 4096 }).describe('bit lines; a signed weight takes two cells'),
    columns: integer({ min: 1, max: 4096 }).describe('source lines, each with a neuron'),
    wordLineCapacitance: quantity('F', { above: 0, max: 1e-9 }).describe('of one line with its driver'),
    wordLineHigh: quantity('V', { above: 0, max: 5 }).describe('supply of the word lines'),
    wordLineLow: quantity('V', { min: 0, max: 5 }).describe('to which they return'),
    neuronCapacitance: quantity('F', { above: 0, max: 1e-9 }).describe('switched by a neuron at every step'),
    meanConductance: quantity('S', { above: 0, max: 1e-2 }).describe('of all cells'),
    readVoltage: quantity('V', { above: 0, max: 5 }),
    conductionTime: quantity('s', { above: 0, max: 1e-3 }).describe('while a pulse drives current'),
    bitsOfOnePhase: integer({ min: 1, max: 16 }).describe('magnitude bits; longer inputs take two phases'),
  },
  {
    ...supplyKey,
    inputBits: integer({ min: 1, max: 16 }).describe('signed'),
    outputBits: integer({ min: 1, max: 16 }),
    pulseDensity: real({ min: 0, max: 1 }).default(0.5).describe('pulses that are not 0'),
    twoPhases: integer({ min: 0, max: 1 }).default(1).describe('0: one phase however long the input'),
  },
);

/**
 * Resistive cells read by voltage: every magnitude bit of the inputs is a plane of pulses of −V, 0 or V; the settled source line is
 * sampled and integrated 2^k times for bit k; the neuron then converts bit by bit (Wan et al., Nature 2022).
 *
 * wordLines: every line swings once a plane. neurons: a switched capacitance at every step of integration, of conversion, and once a
 * phase; every step takes one period of the clock. inputPulses: current through the cells while a pulse lasts.
 */
export const voltageRram: MacroModel = {
  name: 'voltageRram',
  summary: 'RRAM with voltage sensing, pulse planes for inputs and neurons that convert by charge',
  parts: PARTS,
  schema,
  conflicts({ wordLineHigh, wordLineLow }: z.output<typeof schema>): readonly MacroConflict[] {
    if (wordLineHigh > wordLineLow) return [];
    const problem = `${wordLineHigh} V is not above wordLineLow, ${wordLineLow} V`;
    return [{ path: ['wordLineHigh'], problem, cure: 'exchange them' }];
  },
  work(spec: z.output<typeof schema>): MacroWork {
    const { rows, columns, point } = spec;
    const steps = neuronSteps(
      point.inputBits,
      point.outputBits,
      point.twoPhases === 1 ? spec.bitsOfOnePhase : 16,
    );
    const planes = magnitudeBits(point.inputBits);
    const swing = spec.wordLineHigh - spec.wordLineLow;
    const cellPower = spec.meanConductance * spec.readVoltage ** 2 * point.pulseDensity;
    return {
      operations: rows * columns,
      periods: steps,
      energies: {
        wordLines: planes * columns * chargingEnergy(spec.wordLineCapacitance, spec.wordLineHigh, swing),
        neurons: steps * columns * chargingEnergy(spec.neuronCapacitance, point.supply),
        inputPulses: planes * rows * columns * cellPower * spec.conductionTime,
        other: 0,
      },
      areas: {},
    };
  },
};

/** Bits of a signed input that become planes of pulses. */
function magnitudeBits(inputBits: number): number {
  return Math.max(1, inputBits - 1);
}

/**
 * Steps of a neuron for one output: 2^k integrations for magnitude bit k, a step for each output bit, one to prepare. Inputs
 * longer than a phase are cut in two halves, the first converted to all output bits, the second to those that the
 * halves do not share.
 */
export function neuronSteps(inputBits: number, outputBits: number, bitsOfOnePhase: number): number {
  const bits = magnitudeBits(inputBits);
  const phases = bits <= bitsOfOnePhase ? [bits] : [Math.ceil(bits / 2), Math.floor(bits / 2)];
  return phases.reduce((steps, phase, index) => {
    const converted = index === 0 ? outputBits : Math.max(0, outputBits - phases[0]!);
    return steps + 2 ** phase - 1 + converted + 1;
  }, 0);
}
