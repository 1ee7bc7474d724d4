import type { DigitalCoreSpec } from '../hardware/digital-core.ts';
import { bytesOf } from '../hardware/technology/arithmetic.ts';
import type { DigitalProduct } from './schedule.ts';

/** What one task costs a digital core. */
export interface DigitalWork {
  /** Cycles of the MAC array, then of the vector unit. */
  readonly mac: number;
  readonly vector: number;
  /** Bytes read from weight memory. */
  readonly weightBytes: number;
}

/**
 * A weight-stationary array works through the matrix block by block. While the vectors of a task stream through
 * one block (a cycle each), the weights of the next are loaded (a row a cycle, or as fast as the weight memory
 * gives them): the longer of the two a block, once `rows + columns` to fill and drain. The vector unit follows
 * with its lanes. One group of a grouped convolution at a time: a small group leaves the array mostly idle, as
 * on real systolic arrays. With `dataflow: systolic` nothing overlaps: every block of weights takes 2R + C + T − 2 cycles
 * on an array of R × C for T vectors (SCALE-Sim's closed form, Samajdar et al., arXiv 1811.02883), more where the weight
 * memory gives weights more slowly than a row a cycle.
 */
export function digitalTaskCycles(
  core: DigitalCoreSpec,
  product: DigitalProduct | undefined,
  positions: number,
  operations: number,
): DigitalWork {
  const vector = Math.ceil(operations / core.vectorUnit.lanes);
  if (product === undefined || core.macArray === undefined || core.weightMemory === undefined)
    return { mac: 0, vector, weightBytes: 0 };
  const { rows, columns, dataflow } = core.macArray;
  const width = weightWidth(core);
  const vectors = positions * product.vectorsPerPosition;
  const columnBlocks = Math.ceil(product.columns / columns);
  const bytesPerCycle = core.weightMemory.bandwidth / core.clock;
  const load = (count: number) =>
    Math.max(count, Math.ceil((count * Math.min(columns, product.columns) * width) / bytesPerCycle));
  const weightBytes = product.constant ? product.groups * product.rows * product.columns * width : 0;
  if (dataflow === 'systolic') {
    const blocks = product.groups * columnBlocks * Math.ceil(product.rows / rows);
    return { mac: blocks * (load(rows) + rows + columns + vectors - 2), vector, weightBytes };
  }
  const fullRows = Math.floor(product.rows / rows);
  const restRows = product.rows % rows;
  const perColumnBlock =
    fullRows * Math.max(load(rows), vectors) + (restRows > 0 ? Math.max(load(restRows), vectors) : 0);
  return {
    mac: product.groups * columnBlocks * perColumnBlock + rows + columns,
    vector,
    weightBytes,
  };
}

/** Bytes of a weight in the memory of a digital core. */
export function weightWidth(core: DigitalCoreSpec): number {
  return bytesOf(core.macArray?.precision ?? 'int8');
}
