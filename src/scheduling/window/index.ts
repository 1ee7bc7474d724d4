import { Registry } from '../../base/registry.ts';
import { clairvoyant } from './clairvoyant.ts';
import { forecast } from './forecast.ts';
import { optimum } from './optimum.ts';
import { staticCut } from './static.ts';
import { threshold } from './threshold.ts';
import type { WindowPolicy } from './window-policy.ts';

/** Every upper level of the two-level scheduler. */
export const windowPolicies = new Registry<WindowPolicy>('window policy', [
  staticCut,
  threshold,
  forecast,
  optimum,
  clairvoyant,
] as unknown as readonly WindowPolicy[]);
