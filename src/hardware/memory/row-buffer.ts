import type { MemorySpec } from './figures.ts';

/** What a transfer to or from a memory takes. */
export interface TransferCost {
  /** s that it holds the memory. */
  readonly time: number;
  /** J. */
  readonly energy: number;
}

/** Rows that a run of bytes from an address on touches: each is opened once. 0 for a memory without rows. */
export function rowsOfRun(address: number, bytes: number, rowBytes: number): number {
  if (rowBytes === 0 || bytes === 0) return 0;
  return Math.floor((address + bytes - 1) / rowBytes) - Math.floor(address / rowBytes) + 1;
}

/**
 * Rows opened by `count` pieces of `bytes`, a fixed stride apart from an address on, one after the other with the last
 * row kept open. A matrix read along its rows touches each row once, along its columns one for each piece.
 */
export function rowsOfPieces(
  address: number,
  count: number,
  bytes: number,
  stride: number,
  rowBytes: number,
): number {
  if (rowBytes === 0) return 0;
  let rows = 0;
  let open = -1;
  for (let piece = 0; piece < count; piece++) {
    const from = address + piece * stride;
    const opened = rowsOfRun(from, bytes, rowBytes);
    if (opened === 0) continue;
    rows += Math.floor(from / rowBytes) === open ? opened - 1 : opened;
    open = Math.floor((from + bytes - 1) / rowBytes);
  }
  return rows;
}

/** A transfer that opens so many rows: they delay it and cost their own; latency is not in it. */
export function transferCost(
  memory: MemorySpec,
  direction: 'read' | 'write',
  bytes: number,
  rows: number,
): TransferCost {
  const perByte = direction === 'read' ? memory.readEnergy : memory.writeEnergy;
  return {
    time: bytes / memory.bandwidth + rows * memory.rowMissTime,
    energy: bytes * perByte + rows * memory.rowMissEnergy,
  };
}
