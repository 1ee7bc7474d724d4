import { Registry } from '../../base/registry.ts';
import { aimd } from './aimd.ts';
import { cascade } from './cascade.ts';
import { deadlineBatch } from './deadline-batch.ts';
import { earlyDrop } from './early-drop.ts';
import { edf } from './edf.ts';
import { fifoOrder } from './fifo.ts';
import { fixedBatch } from './fixed-batch.ts';
import { inTime } from './in-time.ts';
import { leastLoaded } from './least-loaded.ts';
import type { RequestPolicy } from './request-policy.ts';
import { whenIdle } from './when-idle.ts';

/** Every rule of the lower level of the two-level scheduler. */
export const requestPolicies = new Registry<RequestPolicy>('request policy', [
  fifoOrder,
  edf,
  inTime,
  whenIdle,
  fixedBatch,
  aimd,
  deadlineBatch,
  leastLoaded,
  earlyDrop,
  cascade,
] as readonly unknown[] as readonly RequestPolicy[]);
