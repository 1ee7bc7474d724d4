import { z } from 'zod';
import { quantity } from '../base/quantity.ts';

/** On-chip storage with one port: a transfer occupies the port for bytes / bandwidth. */
export const storageSchema = z.strictObject({
  capacity: quantity('B', { above: 0, max: 1e12 }).describe('bytes it holds'),
  bandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of its port'),
  readEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  writeEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  area: quantity('m^2', { min: 0, max: 1e-2, example: '0.1 mm^2' })
    .default(0)
    .describe('of the whole memory'),
  leakage: quantity('W', { min: 0, max: 100, example: '5 uW' }).default(0).describe('drawn all the time'),
});

/** Memory outside the tiles: inputs of an inference come from it, its answer goes there. */
export const memorySchema = z.strictObject({
  bandwidth: quantity('B/s', { min: 1e3, max: 1e16 }).describe('of reads and writes together'),
  latency: quantity('s', { min: 0, max: 1 }).default(0).describe('before the first byte'),
  readEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  writeEnergy: quantity('J/B', { min: 0, max: 1e-6 }).describe('per byte'),
  area: quantity('m^2', { min: 0, max: 1, example: '1 mm^2' })
    .default(0)
    .describe('counted as part of the chip'),
  leakage: quantity('W', { min: 0, max: 1000, example: '5 mW' }).default(0).describe('drawn all the time'),
});

export type StorageSpec = z.output<typeof storageSchema>;
export type MemorySpec = z.output<typeof memorySchema>;
