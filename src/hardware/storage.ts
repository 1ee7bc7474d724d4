import { memories } from './memory/index.ts';
import { storages } from './storage/index.ts';

export type { MemorySpec } from './memory/index.ts';
export type { StorageSpec } from './storage/index.ts';

/** On-chip storage with one port: a transfer occupies the port for bytes / bandwidth. */
export const storageSchema = storages.schema;

/** Memory outside the tiles: inputs of an inference come from it, its answer goes there. */
export const memorySchema = memories.schema;
