import { Registry } from '../../base/registry.ts';
import type { AdcModel } from './adc.ts';
import { cyclic } from './cyclic.ts';
import { flash } from './flash.ts';
import { ideal } from './ideal.ts';
import { isaacAdc } from './isaac.ts';
import { neurosimAdc } from './neurosim.ts';
import { pipeline } from './pipeline.ts';
import { publishedAdc } from './published.ts';
import { ramp } from './ramp.ts';
import { sar } from './sar.ts';
import { survey } from './survey.ts';
import { zigzagAdc } from './zigzag.ts';

/** Every converter model a spec may name as `analogCore.adcBank.adc.type`. */
export const adcModels = new Registry<AdcModel>('adc', [
  sar,
  flash,
  ramp,
  pipeline,
  cyclic,
  survey,
  isaacAdc,
  zigzagAdc,
  neurosimAdc,
  publishedAdc,
  ideal,
]);
