import { z } from 'zod';
import { integer, quantity } from '../base/quantity.ts';

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
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one crossbar'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one crossbar'),
});

export type CrossbarSpec = z.output<typeof crossbarSchema>;
