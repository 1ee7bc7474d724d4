import { Registry } from '../../base/registry.ts';
import { capacitive } from './capacitive.ts';
import type { DacModel } from './dac.ts';
import { driver } from './driver.ts';
import { isaacDac } from './isaac.ts';
import { publishedDac } from './published.ts';
import { rowDriver } from './row-driver.ts';

/** Every word-line driver model a spec may name as `analogCore.dacBank.dac.type`. */
export const dacModels = new Registry<DacModel>('dac', [
  driver,
  capacitive,
  isaacDac,
  rowDriver,
  publishedDac,
]);
