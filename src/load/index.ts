import { Registry } from '../base/registry.ts';
import type { LoadModel } from './load.ts';
import { poisson } from './poisson.ts';

/** Every law by which queries may arrive. */
export const loadModels = new Registry<LoadModel>('load', [poisson]);
