/**
 * A dense row-major array of float32 numbers with its dimensions; a scalar has no dimensions and one element. Where
 * the numbers are unknown there is no data (see `shapeOnly`).
 */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Number of elements that dimensions span (1 for a scalar). */
export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) count *= dim;
  return count;
}

/** A tensor over given data; throws when the data's length does not match the dimensions. */
export function tensor(dims: readonly number[], data: Float32Array): Tensor {
  if (elementCount(dims) !== data.length) {
    throw new RangeError(
      `tensor of ${dims.join('×')} needs ${elementCount(dims)} elements, got ${data.length}`,
    );
  }
  return { dims, data };
}

/** A tensor of which only the dimensions are known: its data is empty, so that it takes no memory. */
export function shapeOnly(dims: readonly number[]): Tensor {
  return { dims, data: NOTHING };
}

/** Whether a tensor's numbers are unknown: weights that are missing, or were never there. */
export function isShapeOnly({
  dims,
  data,
}: {
  readonly dims: readonly number[];
  readonly data: { readonly length: number };
}): boolean {
  return data.length === 0 && elementCount(dims) > 0;
}

const NOTHING = new Float32Array(0);
