import { z } from 'zod';
import { choice, integer, quantity } from '../base/quantity.ts';

/** Resistance of word lines and bit lines: currents lose voltage on their way (IR drop). */
export const wiresSchema = z.strictObject({
  rowResistance: quantity('ohm', { min: 0, max: 1e9, example: '1 ohm' })
    .default(0)
    .describe('of a word line (gated: of a supply line) between neighbouring cells'),
  columnResistance: quantity('ohm', { min: 0, max: 1e9, example: '1 ohm' })
    .default(0)
    .describe('of a bit line between neighbouring cells'),
  rowTerminal: quantity('ohm', { min: 0, max: 1e9 })
    .default(0)
    .describe('between driver and word line, added to the first segment'),
  columnTerminal: quantity('ohm', { min: 0, max: 1e9 })
    .default(0)
    .describe('between bit line and converter, added to the last segment'),
  topology: choice(['inputSourced', 'gated'])
    .default('inputSourced')
    .describe(
      'inputSourced: word lines carry the current; gated: inputs open the cells of a supply line beside each bit line',
    ),
  pairs: choice(['separate', 'interleaved'])
    .default('separate')
    .describe('the cells of a pair: on crossbars of their own, or on the same bit line, driven by +x and -x'),
  unusedRows: choice(['atOutput', 'atFarEnd'])
    .default('atOutput')
    .describe(
      'where the word lines lie that a block leaves unused: between its cells and the converter, or beyond them',
    ),
});

/** Cells on word lines × bit lines that do one analog MVM. */
export const crossbarSchema = z.strictObject({
  rows: integer({ min: 1, max: 65536, example: '128' }).describe('word lines: inputs of one MVM'),
  columns: integer({ min: 1, max: 65536, example: '128' }).describe(
    'bit lines; a weight takes one per slice and polarity',
  ),
  readTime: quantity('s', { min: 1e-12, max: 1 }).describe('to settle and integrate one input slice'),
  readEnergy: quantity('J', { min: 0, max: 1e-9 }).describe(
    'of one cell for one input slice, averaged over conductances and inputs',
  ),
  reads: choice(['average', 'measured'])
    .default('average')
    .describe(
      'what a run charges. average: readEnergy; measured: fullReadEnergy by the conductances and inputs of each layer, where weights and data are there to measure, else readEnergy',
    ),
  fullReadEnergy: quantity('J', { min: 0, max: 1e-9, example: '(0.2 V)^2 * 25 uS * 10 ns' })
    .optional()
    .describe('of one cell fully on, its word line fully driven, for one input slice; needed where measured'),
  readLaw: choice(['square', 'linear'])
    .default('square')
    .describe(
      'of a measured read, in the drive. square: V² G t, the word line feeds the cells; linear: V I t, a supply of fixed voltage does',
    ),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one crossbar'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one crossbar'),
  wires: wiresSchema.optional().describe('left out: wires without resistance'),
});

export type WiresSpec = z.output<typeof wiresSchema>;
export type CrossbarSpec = z.output<typeof crossbarSchema>;
