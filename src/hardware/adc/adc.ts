import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/** A converter model: schema, cost and resolution stand together; one file each, one line in `index.ts`. */
export interface AdcModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  /** The figures of one converter from the parameters that `schema` read. */
  figures(parameters: never, technology: number): AdcFigures;
  /** Strict object schema of those parameters that decide values, for a crossbar without costs. */
  readonly conversion: z.ZodType;
  /** What a conversion does to values, from parameters that `schema` or `conversion` read. */
  behaviour(parameters: never): AdcBehaviour;
}

/** A conversion in values. The input u is −1 … 1 over the converter's range (low limit … high limit). */
export interface AdcBehaviour {
  /** Codes: 0 … levels − 1. 0: no quantization, the current itself. */
  readonly levels: number;
  /**
   * Code of an ideal converter of this kind. endpoints: the outermost codes stand for the limits, a symmetric
   * range uses an odd number of codes so that one stands for 0; centres: codes stand for the middles of `levels`
   * equal steps, u = (2 · code + 1 − levels) / levels, as circuit models do.
   */
  readonly grid: 'endpoints' | 'centres';
  /** Standard deviation of the converter's own noise, in steps (LSB). */
  readonly noise: number;
  /**
   * The steps of one fabricated converter: `thresholds` ascending in u, `codes[i]` between thresholds i − 1 and i
   * (one more than thresholds). Draws standard normals from `normal()`, always as many; what all converters of a
   * crossbar have in common from `common()`, which starts anew for each of them. Undefined: ideal steps.
   */
  readonly fabricate?: (normal: () => number, common?: () => number) => AdcSteps;
}

export interface AdcSteps {
  readonly thresholds: Float64Array;
  readonly codes: Int32Array;
}

/** One analog-to-digital converter. */
export interface AdcFigures {
  readonly bits: number;
  /** Codes it tells apart: 2^bits unless the model says otherwise. */
  readonly levels: number;
  /** s between conversions. */
  readonly conversionTime: number;
  /** J of one conversion. */
  readonly conversionEnergy: number;
  /** m². */
  readonly area: number;
  /** W. */
  readonly leakage: number;
}
