import { z } from 'zod';
import { quantity } from '../../base/quantity.ts';
import type { CellError, DeviceModel } from './device.ts';

const schema = z.strictObject({
  type: z.literal('pcm'),
  maxConductance: quantity('S', { above: 0, max: 25e-6 })
    .default(25e-6)
    .describe('conductance of the largest weight (measured up to 25 uS)'),
});

/**
 * Programming error of phase-change memory: σ = max(−0.00178767 G² + 0.07585724 G + 0.28638599, 0) µS for G in
 * µS up to 25 (fit to Joshi et al., Nature Communications 11:2473, 2020, as tabulated by CrossSim 3.2).
 */
export const pcm: DeviceModel = {
  name: 'pcm',
  summary: 'phase-change memory, programming error of Joshi et al. 2020',
  schema,
  error(parameters: z.output<typeof schema>): CellError {
    const scale = parameters.maxConductance * 1e6;
    return {
      law: 'normal',
      sigma(g) {
        const microsiemens = g * scale;
        const sigma = -0.00178767 * microsiemens ** 2 + 0.07585724 * microsiemens + 0.28638599;
        return Math.max(sigma, 0) / scale;
      },
    };
  },
};
