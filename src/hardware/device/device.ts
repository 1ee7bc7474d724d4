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
   * Of models of age: what they tell goes on from what programming gave, or includes it. Left out: of programming or
   * reading.
   */
  readonly drift?: 'afterProgramming' | 'withProgramming';
  /**
   * Standard deviation of the error at relative conductance `g` (0 … 1), and the law it follows. Pure and
   * cheap: called once per cell at programming, once per cell and layer to prepare read noise.
   */
  error(parameters: never): CellError;
}

/** What a moment of chance does to a cell; conductances and errors in units of the largest conductance. */
export interface CellError {
  /** Law of the standard deviate z that a cell draws: normal, or uniform in ±√3; none draws nothing. */
  readonly law: 'none' | 'normal' | 'uniform';
  /** Mean error at relative conductance `g`; 0 when left out. */
  mean?(g: number): number;
  /** Standard deviation at relative conductance `g`. */
  sigma(g: number): number;
  /** The conductance obtained, before it is clipped at 0; g + mean(g) + sigma(g) · z when left out. */
  sample?(g: number, z: number): number;
  /** Whether the digital side scales a layer's outputs so that its mean conductance keeps what programming gave. */
  readonly compensated?: boolean;
}
