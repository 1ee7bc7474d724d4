import { z } from 'zod';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('fifo') });

/** First come, first served. */
export const fifoOrder: RequestPolicy = {
  name: 'fifo',
  summary: 'queries in the order in which they came',
  schema,
  order: ({ arrival }) => arrival,
};
