import { z } from 'zod';
import type { IvCurve, IvModel } from './iv.ts';

/** A resistor: current = conductance · voltage. */
export const linear: IvModel = {
  name: 'linear',
  summary: 'a resistor',
  schema: z.strictObject({ type: z.literal('linear') }),
  curve(): IvCurve {
    return { linear: true, current: (g, v) => g * v };
  },
};
