import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { type VectorUnitSpec, vectorUnitFigures, vectorUnitStructure } from './figures.ts';
import { horowitzVectorUnit } from './horowitz.ts';
import { pumaVectorUnit } from './puma.ts';

export type { VectorUnitSpec } from './figures.ts';

const given = z.strictObject({
  ...vectorUnitStructure,
  ...vectorUnitFigures,
  area: vectorUnitFigures.area.default(0).describe('of the unit'),
  leakage: vectorUnitFigures.leakage.default(0).describe('of the unit'),
});

/** Lanes for everything that is not an MVM: activations, pooling, additions, normalization, softmax. */
export const vectorUnits = partFamily<VectorUnitSpec>('vector-unit', given, [
  horowitzVectorUnit,
  pumaVectorUnit,
]);
