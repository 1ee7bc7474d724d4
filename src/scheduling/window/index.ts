import { Registry } from '../../base/registry.ts';
import { bestStatic } from './best-static.ts';
import { clairvoyant } from './clairvoyant.ts';
import { driftPlusPenalty } from './drift-plus-penalty.ts';
import { forecast } from './forecast.ts';
import { infaas } from './infaas.ts';
import { optimum } from './optimum.ts';
import { pi } from './pi.ts';
import { random } from './random.ts';
import { staticCut } from './static.ts';
import { threshold } from './threshold.ts';
import type { WindowPolicy } from './window-policy.ts';

/** Every upper level of the two-level scheduler. */
export const windowPolicies = new Registry<WindowPolicy>('window policy', [
  staticCut,
  bestStatic,
  threshold,
  forecast,
  pi,
  driftPlusPenalty,
  infaas,
  optimum,
  random,
  clairvoyant,
] as unknown as readonly WindowPolicy[]);
