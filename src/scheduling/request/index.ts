import { Registry } from '../../base/registry.ts';
import { fifoOrder } from './fifo.ts';
import type { RequestPolicy } from './request-policy.ts';

/** Every rule of the lower level of the two-level scheduler. */
export const requestPolicies = new Registry<RequestPolicy>('request policy', [fifoOrder]);
