import { Registry } from '../../base/registry.ts';
import type { DeviceModel } from './device.ts';
import { normal, uniform } from './generic.ts';
import { ideal } from './ideal.ts';
import { pcm, pcmJoshiDrift } from './pcm.ts';
import { pcmDrift, pcmProgram, pcmRead } from './pcm-age.ts';
import { rram } from './rram.ts';
import { rramWan } from './rram-wan.ts';
import { sonos, sonosDrift, sonosRead } from './sonos.ts';
import { table } from './table.ts';

/** Every cell model a spec may name under `cell.program`, `cell.drift` and `cell.read`. */
export const deviceModels = new Registry<DeviceModel>('device', [
  ...[ideal, normal, uniform, pcm, pcmJoshiDrift, pcmProgram, pcmDrift, pcmRead],
  ...[rram, rramWan, sonos, sonosDrift, sonosRead, table],
]);
