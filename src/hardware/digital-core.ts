import { z } from 'zod';
import { quantity } from '../base/quantity.ts';
import { macArrays } from './mac-array/index.ts';
import { storageSchema } from './storage.ts';
import { vectorUnits } from './vector-unit/index.ts';

/** A programmable core; without a MAC array it serves vector work only. */
export const digitalCoreSchema = z.strictObject({
  clock: quantity('Hz', { min: 1e3, max: 1e12, example: '1 GHz' }).describe('of MAC array and vector unit'),
  macArray: macArrays.schema.optional().describe('left out: the core serves vector work only'),
  weightMemory: storageSchema.optional().describe('feeds the MAC array'),
  vectorUnit: vectorUnits.schema.describe('activations, pooling, additions, normalization, softmax'),
});

export type DigitalCoreSpec = z.output<typeof digitalCoreSchema>;
