import { Registry } from '../../base/registry.ts';
import type { DeviceModel } from './device.ts';
import { normal, uniform } from './generic.ts';
import { ideal } from './ideal.ts';
import { pcm } from './pcm.ts';
import { rram } from './rram.ts';

/** Every cell model a spec may name under `cell.program` and `cell.read`. */
export const deviceModels = new Registry<DeviceModel>('device', [ideal, normal, uniform, pcm, rram]);
