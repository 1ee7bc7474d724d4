import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/** A word-line driver model: one file each, one line in `index.ts`. */
export interface DacModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  figures(parameters: never): DacFigures;
}

/** The driver of one word line. */
export interface DacFigures {
  /** Widest input slice it can drive. */
  readonly bits: number;
  /** J to drive one word line for one input slice. */
  readonly driveEnergy: number;
  /** m² of one driver. */
  readonly area: number;
  /** W of one driver. */
  readonly leakage: number;
}
