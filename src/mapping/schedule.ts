import type { Block } from './blocks.ts';
import type { Partition } from './partition/partition.ts';

/**
 * The static plan of one inference: which layer runs where, in which pieces, and which pieces of its inputs
 * each piece waits for. Pure data: the machine plays it in time, the numerics computes its values.
 */
export interface Schedule {
  readonly partition: Partition;
  /** In an order in which every stage follows its sources. */
  readonly stages: readonly Stage[];
  /** Stage whose output is the answer. */
  readonly output: number;
  /** Bytes of the answer of one inference, written back to memory. */
  readonly outputBytes: number;
  readonly crossbarsUsed: number;
  /** What is programmed for each part; empty where the whole network fits. */
  readonly parts: readonly NetworkPart[];
  /** Of each tile that holds outputs. */
  readonly buffers: readonly BufferUse[];
  /** Where they are too small: bytes of each with which outputs could be spread so that all fit. */
  readonly enoughBuffer?: number;
}

/** A part of a network that is programmed at once. */
export interface NetworkPart {
  /** Word lines that are written one after the other: of the core that has most. */
  readonly rows: number;
  /** For each of its stages, cells written and bytes of weights read from memory. */
  readonly cells: readonly { readonly stage: number; readonly cells: number; readonly bytes: number }[];
}

/** Bytes of a tile's buffer: what it has, what its stages need at least, and what they may use, in the part that needs most. */
export interface BufferUse {
  readonly tile: number;
  readonly capacity: number;
  readonly least: number;
  readonly granted: number;
  /** Stage that needs most of it, and its share. */
  readonly stage: number;
  readonly ofStage: number;
}

export type Stage = LoadStage | AnalogStage | DigitalStage;

interface StageBase {
  readonly index: number;
  readonly name: string;
  /** Network layers that it computes; the first one is charged for it. Empty where the input is loaded. */
  readonly layers: readonly number[];
  /** Output positions, produced in stream order. */
  readonly positions: number;
  /** Positions that one task computes; the last task may have fewer. */
  readonly positionsPerTask: number;
  readonly tasks: number;
  readonly sources: readonly Source[];
  /** Bytes it writes per position. */
  readonly outputBytesPerPosition: number;
  /** Tile whose buffer holds the output of each task (length `tasks`). */
  readonly homes: Int32Array;
  /** Part of a network larger than the chip that it belongs to, from 0. */
  readonly part: number;
  /** Output positions that its buffers hold before consumers must have taken some. */
  readonly capacity: number;
}

/**
 * What an inference reads from memory into the buffer of a tile: stage 0 its input, row by row; others the constant
 * matrices of a product (a cache of keys or values), which is the layer that they are charged to.
 */
export interface LoadStage extends StageBase {
  readonly kind: 'load';
}

/** MVMs on crossbars: one task is one MVM (one position) on the replica whose turn it is. */
export interface AnalogStage extends StageBase {
  readonly kind: 'analog';
  readonly blocks: readonly Block[];
  readonly replicas: readonly Replica[];
  /** Input slices of one MVM. */
  readonly inputSlices: number;
  /** Vector operations on the sums of a position, done beside the crossbars; 0 where digital cores do them. */
  readonly operationsPerPosition: number;
  /** Those that it takes the energy of: others where units of their own do a function. */
  readonly chargedPerPosition: number;
  readonly macsPerPosition: number;
}

/** One copy of a layer: crossbar number of each of its blocks. */
export interface Replica {
  readonly crossbars: readonly number[];
}

/** Work of a digital core: MVMs on its MAC array and then, or only, vector operations. */
export interface DigitalStage extends StageBase {
  readonly kind: 'digital';
  /** Matrix products, absent for pure vector work. */
  readonly product: DigitalProduct | undefined;
  /** Elementary vector operations per position, product's requantization included. */
  readonly operationsPerPosition: number;
  /** Those that it takes the energy of: others where units of their own do a function. */
  readonly chargedPerPosition: number;
}

/** The matrix that the MAC array works through, block by block, for the positions of a task. */
export interface DigitalProduct {
  readonly groups: number;
  readonly rows: number;
  readonly columns: number;
  /** Vectors per position (1, but more where one position of the stream needs several products). */
  readonly vectorsPerPosition: number;
  readonly macsPerPosition: number;
  /** Bytes of weights that a core reads from memory before it begins with this stage; 0: they stay in its weight memory. */
  readonly streamedBytes: number;
  /** Whether they have to be read for every task, because not even they fit. */
  readonly streamedEachTask: boolean;
  /** Whether the weights are constant (read from weight memory) or another layer's output. */
  readonly constant: boolean;
}

/** What a stage waits for and fetches. */
export interface Source {
  /** Producing stage. */
  readonly stage: number;
  /** Positions of the producer that must be complete before each task (length `tasks`, non-decreasing). */
  readonly required: Int32Array;
  /** Positions of the producer that are not needed any more once the inputs of a task are fetched (length `tasks`). */
  readonly released: Int32Array;
  /** Bytes fetched for each task (length `tasks`). */
  readonly bytes: Float64Array;
}
