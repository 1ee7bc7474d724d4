import type { MvmGeometry } from './mvm-geometry.ts';

/**
 * Input vectors that a layer takes at once: as many as keep its buffers of `bytesPerVector` in the second-level
 * cache, in whole tiles of four. Results do not depend on it.
 */
export function vectorLimit(geometry: MvmGeometry, images: number, bytesPerVector: number): number {
  const all = Math.ceil((images * geometry.lowering.positions) / 4) * 4;
  const cached = Math.floor(CACHE_BYTES / bytesPerVector / 4) * 4;
  return Math.min(all, Math.max(LEAST, cached));
}

const CACHE_BYTES = 4 * 1024 * 1024;
/** Fewer vectors do not repay the weights that pass by. */
const LEAST = 16;
