import { z } from 'zod';
import { partFamily } from '../part-model.ts';
import { drams } from './dram.ts';
import { type MemorySpec, memoryFigures } from './figures.ts';

export type { MemorySpec } from './figures.ts';

const given = z.strictObject({
  ...memoryFigures,
  latency: memoryFigures.latency.default(0).describe('before the first byte'),
  area: memoryFigures.area.default(0).describe('counted as part of the chip'),
  leakage: memoryFigures.leakage.default(0).describe('drawn all the time'),
  rowBytes: memoryFigures.rowBytes.default(0).describe('that its open rows hold together; 0: it has no rows'),
  rowMissTime: memoryFigures.rowMissTime
    .default(0)
    .describe('to close a row and open another (precharge and activate)'),
  rowMissEnergy: memoryFigures.rowMissEnergy
    .default(0)
    .describe('of the same, where the energy per byte does not include it'),
});

/** Memory outside the tiles: inputs of an inference, and weights that the chip does not hold, come from it, its answer goes there. */
export const memories = partFamily<MemorySpec>('memory', given, drams);
