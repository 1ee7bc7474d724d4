import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { IvCurve, IvModel } from './iv.ts';

const schema = z.strictObject({
  type: z.literal('cubic'),
  readVoltage: quantity('V', { above: 0, max: 2, example: '0.2 V' }).describe(
    'of a full input; beyond 1.15 V the current falls with the voltage',
  ),
});

/** A cell that saturates: I = G (V − 0.25 V³), V in volt (a demonstration law of CrossSim 3.2). */
export const cubic: IvModel = {
  name: 'cubic',
  summary: 'saturating: I = G (V − 0.25 V³)',
  schema,
  curve({ readVoltage }: z.output<typeof schema>): IvCurve {
    const bend = 0.25 * readVoltage * readVoltage;
    return { linear: false, current: (g, v) => g * (v - bend * v * v * v) };
  },
};
