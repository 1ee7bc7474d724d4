import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { IvCurve, IvModel } from './iv.ts';

const schema = z.strictObject({
  type: z.literal('rram'),
  readVoltage: quantity('V', { above: 0, max: 0.5, example: '0.2 V' }).describe(
    'of a full input (measured up to 0.5 V)',
  ),
  maxConductance: quantity('S', { above: 0, max: 225e-6 })
    .default(225e-6)
    .describe('conductance of the largest weight (measured from 50 to 225 uS)'),
});

/** S: what was measured. */
const SMALLEST = 50e-6;

/**
 * Resistive RAM: I = G V + a(G) V² + b(G) V³ in A, V and S, with a and b polynomials of log₁₀ G
 * (fit to Milo et al., IRPS 2021, as tabulated by CrossSim 3.2).
 */
export const rram: IvModel = {
  name: 'rram',
  summary: 'resistive RAM of Milo et al. 2021: quadratic and cubic terms',
  schema,
  smallest({ maxConductance }: z.output<typeof schema>) {
    return SMALLEST / maxConductance;
  },
  curve({ readVoltage, maxConductance }: z.output<typeof schema>): IvCurve {
    return {
      linear: false,
      current(g, v) {
        if (g <= 0) return 0;
        const level = Math.log10(g * maxConductance);
        const square = ((1.388e-4 * level + 1.541e-3) * level + 5.711e-3) * level + 7.063e-3;
        const cube = (8.871e-5 * level + 6.7919e-4) * level + 1.2968e-3;
        const volt = v * readVoltage;
        const ampere = g * maxConductance * volt + square * volt * volt + cube * volt * volt * volt;
        return ampere / (maxConductance * readVoltage);
      },
    };
  },
};
