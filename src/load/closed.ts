import { z } from 'zod';
import { choice, integer, quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('closed'),
  clients: integer({ min: 1, max: 1e6 }).describe('each with at most one query under way'),
  think: quantity('s', { min: 0, max: 1e6 })
    .default(0)
    .describe('mean time from an answer to the next query'),
  thinks: choice(['exponential', 'fixed']).default('exponential').describe('how that time is distributed'),
});
type Parameters = z.output<typeof schema>;

/**
 * Clients that wait for their answer, think, and ask again. One whose query is dropped comes back when the fastest cut of its
 * model could have answered it, or has thought if that is later.
 */
export const closed: LoadModel = {
  name: 'closed',
  summary: 'clients that wait for their answer, think, and ask again',
  schema,
  open: ({ clients, think, thinks }: Parameters, random: RandomStream) => ({
    kind: 'closed',
    clients,
    think: () => (think === 0 ? 0 : thinks === 'fixed' ? think : think * random.exponential()),
  }),
};
