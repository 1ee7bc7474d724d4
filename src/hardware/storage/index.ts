import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { edram } from './edram.ts';
import { type StorageSpec, storageFigures, storageStructure } from './figures.ts';
import { flipFlops } from './flip-flops.ts';
import { sram } from './sram.ts';

export type { StorageSpec } from './figures.ts';

const given = z.strictObject({
  ...storageStructure,
  ...storageFigures,
  area: storageFigures.area.default(0).describe('of the whole memory'),
  leakage: storageFigures.leakage.default(0).describe('drawn all the time'),
});

/** On-chip storage with one port: a transfer occupies the port for bytes / bandwidth. */
export const storages = partFamily<StorageSpec>('storage', given, [sram, edram, flipFlops]);
