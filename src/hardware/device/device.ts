import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/**
 * The physics of a cell: how a wanted conductance and the one obtained differ, at programming and at every
 * read. One file each, one line in `index.ts`; a spec takes each moment from any model.
 * Conductances are relative to the largest one: 0 … 1.
 */
export interface DeviceModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  /**
   * Standard deviation of the error at relative conductance `g` (0 … 1), and the law it follows. Pure and
   * cheap: called once per cell at programming, once per cell and layer to prepare read noise.
   */
  error(parameters: never): CellError;
}

export interface CellError {
  readonly law: 'none' | 'normal' | 'uniform';
  /** Standard deviation at relative conductance `g`, in units of the largest conductance. */
  sigma(g: number): number;
}
