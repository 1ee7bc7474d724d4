import { choice, integer, quantity } from '../../base/quantity.ts';
import { PRECISIONS, type Precision } from '../technology/arithmetic.ts';

/** An array of multiply-accumulate units: `rows` inputs × `columns` outputs per cycle. */
export interface MacArraySpec {
  readonly rows: number;
  readonly columns: number;
  /** How vectors pass through it; undefined as weightStationary. */
  readonly dataflow?: 'weightStationary' | 'systolic' | undefined;
  /** Number format; undefined as int8. It decides cost and bytes of weights, not values, which are int8. */
  readonly precision?: Precision | undefined;
  /** J of one multiply-accumulate. */
  readonly macEnergy: number;
  /** m² and W of the array. */
  readonly area: number;
  readonly leakage: number;
}

export const macArrayStructure = {
  rows: integer({ min: 1, max: 4096 }).describe('inputs multiplied per cycle'),
  columns: integer({ min: 1, max: 4096 }).describe('outputs accumulated per cycle'),
  dataflow: choice(['weightStationary', 'systolic'])
    .default('weightStationary')
    .describe(
      'weightStationary: weights load while vectors stream, filled and drained once a task; systolic: loads, fills and drains for every block of weights',
    ),
  precision: choice(PRECISIONS)
    .default('int8')
    .describe('number format, of which cost and bytes of weights follow; values stay int8'),
};

export const macArrayFigures = {
  macEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one multiply-accumulate'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' }).describe('of the array'),
  leakage: quantity('W', { min: 0, max: 100 }).describe('of the array'),
};
