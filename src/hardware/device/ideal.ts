import { z } from 'zod';
import type { CellError, DeviceModel } from './device.ts';

/** A cell that takes exactly the conductance it is given. */
export const ideal: DeviceModel = {
  name: 'ideal',
  summary: 'no error',
  schema: z.strictObject({ type: z.literal('ideal') }),
  error(): CellError {
    return { law: 'none', sigma: () => 0 };
  },
};
