import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import {
  type FunctionUnitSpec,
  functionUnitFigures,
  functionUnitStructure,
  VECTOR_FUNCTIONS,
  type VectorFunction,
} from './figures.ts';
import { comparator, publishedFunctionUnits } from './published.ts';

export { type FunctionUnitSpec, VECTOR_FUNCTIONS, type VectorFunction } from './figures.ts';

const given = z.strictObject({
  ...functionUnitStructure,
  ...functionUnitFigures,
  area: functionUnitFigures.area.default(0).describe('of one unit'),
  leakage: functionUnitFigures.leakage.default(0).describe('of one unit'),
});

/** Units of a core for one function of activations, pooling, normalization or softmax. */
export const functionUnits = partFamily<FunctionUnitSpec>('function-unit', given, [
  ...publishedFunctionUnits,
  comparator,
]);

/** The functions that have units of their own. */
export type FunctionUnits = { readonly [Function in VectorFunction]?: FunctionUnitSpec | undefined };

export const functionUnitsSchema = z.strictObject(
  Object.fromEntries(
    VECTOR_FUNCTIONS.map((name) => [
      name,
      functionUnits.schema.optional().describe('left out: the lanes do it'),
    ]),
  ),
) as unknown as z.ZodType<FunctionUnits>;

/** The units with all their figures at a technology node in m. */
export function resolveFunctionUnits(written: FunctionUnits, technology: number): FunctionUnits {
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, unit]) =>
      unit === undefined ? [] : [[name, functionUnits.resolve(unit, technology)]],
    ),
  );
}
