import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/** The current-voltage law of a cell: one file each, one line in `index.ts`. */
export interface IvModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  curve(parameters: never): IvCurve;
  /** Smallest relative conductance that the law holds for; 0 when left out. */
  smallest?(parameters: never): number;
}

/** Current of a cell relative to that of the largest conductance at full input, were it linear. */
export interface IvCurve {
  /** Whether the current is conductance · voltage. */
  readonly linear: boolean;
  /** At relative conductance `g` (0 … 1) and relative voltage `v` (−1 … 1). Pure. */
  current(g: number, v: number): number;
}
