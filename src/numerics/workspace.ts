import type { Kernels } from './kernel-calls.ts';

/**
 * What a thread computes with: the kernels, their memory seen as numbers, and its own scratch region in it, in
 * which every layer lays out what it needs between its inputs and its outputs.
 */
export interface Workspace {
  readonly kernels: Kernels;
  readonly scratch: number;
  readonly bytes: Uint8Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** A workspace over the whole memory of some kernels, which must not grow any more. */
export function createWorkspace(kernels: Kernels, scratch: number): Workspace {
  const { buffer } = kernels.memory;
  return {
    kernels,
    scratch,
    bytes: new Uint8Array(buffer),
    int32: new Int32Array(buffer),
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer, 0, Math.floor(buffer.byteLength / 8)),
  };
}

/** Which inferences a layer is computed for. */
export interface Batch {
  /** Inferences at once. */
  readonly images: number;
  /** Index of the first in the whole run: read noise depends on it. */
  readonly first: number;
}
