import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/** A word-line driver model: one file each, one line in `index.ts`. */
export interface DacModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  /** The figures of one driver from the parameters that `schema` read, at a technology node in m. */
  figures(parameters: never, technology: number): DacFigures;
  /** What driving does to values. */
  behaviour(parameters: never): DacBehaviour;
}

/** Errors of a word-line driver, relative to full scale. */
export interface DacBehaviour {
  /** Relative standard deviation of the gain, drawn once per chip and word line. */
  readonly gainError: number;
  /** Integral nonlinearity: largest deviation of a parabola through both ends, x + 4 · inl · x (1 − x). */
  readonly inl: number;
  /** Standard deviation of the noise of a drive, relative to what is driven: a line that is not driven is quiet. */
  readonly noise: number;
}

/** The driver of one word line. */
export interface DacFigures {
  /** Widest input slice it can drive. */
  readonly bits: number;
  /** J to drive one word line for one input slice. */
  readonly driveEnergy: number;
  /** J of a drive by anything but 0, where one by 0 takes nothing; absent: every drive takes `driveEnergy`. */
  readonly activeEnergy?: number | undefined;
  /** m² of one driver. */
  readonly area: number;
  /** W of one driver. */
  readonly leakage: number;
}
