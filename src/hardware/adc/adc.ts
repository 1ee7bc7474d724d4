import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';

/** A converter model: schema, cost and resolution stand together; one file each, one line in `index.ts`. */
export interface AdcModel extends Part {
  /** Strict object schema whose `type` is the literal name of the model. */
  readonly schema: z.ZodType;
  /** The figures of one converter from the parameters that `schema` read. */
  figures(parameters: never, technology: number): AdcFigures;
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
