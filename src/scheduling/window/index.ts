import { Registry } from '../../base/registry.ts';
import { staticCut } from './static.ts';
import type { WindowPolicy } from './window-policy.ts';

/** Every upper level of the two-level scheduler. */
export const windowPolicies = new Registry<WindowPolicy>('window policy', [staticCut as WindowPolicy]);
