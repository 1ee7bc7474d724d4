import { integer, quantity } from '../../base/quantity.ts';

/** Functions that units of their own may take from the lanes of a vector unit. */
export const VECTOR_FUNCTIONS = ['activation', 'pooling', 'normalization', 'softmax'] as const;
export type VectorFunction = (typeof VECTOR_FUNCTIONS)[number];

/** Units of a core for one function: what a value takes there instead of operations of the lanes. */
export interface FunctionUnitSpec {
  readonly count: number;
  /** J of one value: that comes out, of pooling: that goes in. */
  readonly energy: number;
  /** Values per second of one unit. */
  readonly rate: number;
  /** m² and W of one unit. */
  readonly area: number;
  readonly leakage: number;
}

export const functionUnitStructure = {
  count: integer({ min: 1, max: 65536 }).default(1).describe('units of each core'),
};

export const functionUnitFigures = {
  energy: quantity('J', { min: 0, max: 1e-6 }).describe(
    'of one value: that comes out, of pooling: that goes in',
  ),
  rate: quantity('Hz', { min: 1e3, max: 1e15 }).describe('values per second of one unit'),
  area: quantity('m^2', { min: 0, max: 1e-2 }).describe('of one unit'),
  leakage: quantity('W', { min: 0, max: 100 }).describe('of one unit'),
};
