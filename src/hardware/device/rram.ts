import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { CellError, DeviceModel } from './device.ts';

const schema = z.strictObject({
  type: z.literal('rram'),
  maxConductance: quantity('S', { above: 0, max: 225e-6 })
    .default(225e-6)
    .describe('conductance of the largest weight (measured from 50 to 225 uS)'),
});

/**
 * Programming error of resistive RAM: σ = max(4.782321 − 0.009107 G, 0) µS for G in µS, 50 … 225 (fit to
 * Milo et al., IRPS 2021, as tabulated by CrossSim 3.2).
 */
export const rram: DeviceModel = {
  name: 'rram',
  summary: 'resistive RAM, programming error of Milo et al. 2021',
  schema,
  error(parameters: z.output<typeof schema>): CellError {
    const scale = parameters.maxConductance * 1e6;
    return { law: 'normal', sigma: (g) => Math.max(4.782321 - 0.009107 * g * scale, 0) / scale };
  },
};
