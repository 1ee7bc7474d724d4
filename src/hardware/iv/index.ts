import { Registry } from '../../base/registry.ts';
import { cubic } from './cubic.ts';
import type { IvModel } from './iv.ts';
import { linear } from './linear.ts';
import { rram } from './rram.ts';

/** Every current-voltage law a spec may name under `cell.iv`. */
export const ivModels = new Registry<IvModel>('iv', [linear, cubic, rram]);
