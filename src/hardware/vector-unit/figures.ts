import { integer, quantity } from '../../base/quantity.ts';
import { type FunctionUnits, functionUnitsSchema } from '../function-unit/index.ts';

/** Lanes for everything that is not an MVM: activations, pooling, additions, normalization, softmax. */
export interface VectorUnitSpec {
  /** Elementary operations per cycle. */
  readonly lanes: number;
  /** Units of their own for some functions. */
  readonly functions?: FunctionUnits | undefined;
  /** J of one elementary operation. */
  readonly operationEnergy: number;
  /** m² and W of the unit. */
  readonly area: number;
  readonly leakage: number;
}

export const vectorUnitStructure = {
  lanes: integer({ min: 1, max: 65536 }).describe('elementary operations per cycle'),
  functions: functionUnitsSchema
    .optional()
    .describe('units of their own for activations, pooling, normalization or softmax, beside the lanes'),
};

export const vectorUnitFigures = {
  operationEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one elementary operation'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' }).describe('of the unit'),
  leakage: quantity('W', { min: 0, max: 100 }).describe('of the unit'),
};
