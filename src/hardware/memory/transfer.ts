import type { MemorySpec } from './figures.ts';

/** Rows that a transfer opens: all that it touches, anew, from the beginning of one on. 0 for a memory without rows. */
export function rowsOf(bytes: number, { rowBytes }: Pick<MemorySpec, 'rowBytes'>): number {
  return rowBytes === 0 ? 0 : Math.ceil(bytes / rowBytes);
}

/** s for which a transfer holds the port of a memory: its bytes, and the rows that it opens; latency is not in it. */
export function transferTime(
  bytes: number,
  memory: Pick<MemorySpec, 'bandwidth' | 'rowBytes' | 'rowMissTime'>,
): number {
  return bytes / memory.bandwidth + rowsOf(bytes, memory) * memory.rowMissTime;
}
