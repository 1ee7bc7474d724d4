import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { CellError, DeviceModel } from './device.ts';

const schema = z.strictObject({
  type: z.literal('rramWan'),
  maxConductance: quantity('S', { above: 0, max: 39.26e-6 })
    .default(39.26e-6)
    .describe('conductance of the largest weight (measured up to 39.26 uS)'),
});

/**
 * Error of resistive RAM a second after programming: σ = max(1.536e-4 G³ − 1.167e-2 G² + 0.2374 G + 1.053, 0) µS for G
 * in µS up to 39.26 (fit to Wan et al., Nature 608, 2022, as tabulated by CrossSim 3.2).
 */
export const rramWan: DeviceModel = {
  name: 'rramWan',
  summary: 'resistive RAM of NeuRRAM, error of Wan et al. 2022',
  schema,
  error(parameters: z.output<typeof schema>): CellError {
    const scale = parameters.maxConductance * 1e6;
    return {
      law: 'normal',
      sigma(g) {
        const microsiemens = g * scale;
        const sigma = ((1.536e-4 * microsiemens - 1.167e-2) * microsiemens + 0.2374) * microsiemens + 1.053;
        return Math.max(sigma, 0) / scale;
      },
    };
  },
};
