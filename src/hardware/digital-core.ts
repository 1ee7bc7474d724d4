import { z } from 'zod';
import { integer, quantity } from '../base/quantity.ts';
import { storageSchema } from './storage.ts';

/** A weight-stationary array of multiply-accumulate units: `rows` inputs × `columns` outputs per cycle. */
export const macArraySchema = z.strictObject({
  rows: integer({ min: 1, max: 4096 }).describe('inputs multiplied per cycle'),
  columns: integer({ min: 1, max: 4096 }).describe('outputs accumulated per cycle'),
  macEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one int8 multiply-accumulate'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' }).default(0).describe('of the array'),
  leakage: quantity('W', { min: 0, max: 100 }).default(0).describe('of the array'),
});

/** Lanes for everything that is not an MVM: activations, pooling, additions, normalization, softmax. */
export const vectorUnitSchema = z.strictObject({
  lanes: integer({ min: 1, max: 65536 }).describe('elementary operations per cycle'),
  operationEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one elementary operation'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' }).default(0).describe('of the unit'),
  leakage: quantity('W', { min: 0, max: 100 }).default(0).describe('of the unit'),
});

/** A programmable core; without a MAC array it serves vector work only. */
export const digitalCoreSchema = z.strictObject({
  clock: quantity('Hz', { min: 1e3, max: 1e12, example: '1 GHz' }).describe('of MAC array and vector unit'),
  macArray: macArraySchema.optional().describe('left out: the core serves vector work only'),
  weightMemory: storageSchema.optional().describe('feeds the MAC array'),
  vectorUnit: vectorUnitSchema.describe('activations, pooling, additions, normalization, softmax'),
});

export type DigitalCoreSpec = z.output<typeof digitalCoreSchema>;
