import { z } from 'zod';
import type { RequestPolicy } from './request-policy.ts';

const schema = z.strictObject({ type: z.literal('edf') });

/** Earliest deadline first. */
export const edf: RequestPolicy = {
  name: 'edf',
  summary: 'the query first whose answer is due first',
  schema,
  order: ({ due }) => due,
};
