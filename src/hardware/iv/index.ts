import { Registry } from '../../base/registry.ts';
import type { IvModel } from './iv.ts';
import { linear } from './linear.ts';

/** Every current-voltage law a spec may name under `cell.iv`. */
export const ivModels = new Registry<IvModel>('iv', [linear]);
