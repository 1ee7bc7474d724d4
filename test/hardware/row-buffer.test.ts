import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { memories } from '../../src/hardware/memory/index.ts';
import { rowsOfPieces, rowsOfRun, transferCost } from '../../src/hardware/memory/row-buffer.ts';

beforeAll(loadUnits);

/** Rows opened by touching bytes one after the other, the last row kept open. */
function opened(addresses: readonly number[], rowBytes: number): number {
  let rows = 0;
  let open = -1;
  for (const address of addresses) {
    const row = Math.floor(address / rowBytes);
    if (row !== open) rows += 1;
    open = row;
  }
  return rows;
}

test('rows of runs and of strided pieces are those that byte by byte opens', () => {
  const natural = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(
      natural(5000),
      natural(20),
      natural(40),
      natural(300),
      fc.integer({ min: 1, max: 100 }),
      (...x) => {
        const [address, count, bytes, stride, rowBytes] = x;
        const touched = Array.from({ length: count }, (_, piece) =>
          Array.from({ length: bytes }, (__, byte) => address + piece * stride + byte),
        ).flat();
        expect(rowsOfPieces(address, count, bytes, stride, rowBytes)).toBe(opened(touched, rowBytes));
        const run = Array.from({ length: bytes }, (_, byte) => address + byte);
        expect(rowsOfRun(address, bytes, rowBytes)).toBe(opened(run, rowBytes));
      },
    ),
  );
});

// JESD209-4, 3200 Mb/s on 32 bits: 12.8 GB/s. 64 KiB of whole rows: 5.12 µs and 16 rows of 36 ns.
test('a transfer from LPDDR4, by hand', () => {
  const memory = memories.resolve(memories.schema.parse({ type: 'lpddr4' }), 32e-9);
  const rows = rowsOfRun(0, 65536, memory.rowBytes);
  expect(rows).toBe(16);
  const { time, energy } = transferCost(memory, 'read', 65536, rows);
  expect(time * 1e9).toBeCloseTo(5120 + 16 * 36, 6);
  expect(energy * 1e12).toBeCloseTo(65536 * 8 * 8, 3);
});

test('a memory without rows costs what it always did', () => {
  const memory = memories.resolve(
    memories.schema.parse({ bandwidth: '8 GB/s', readEnergy: '8 pJ/bit', writeEnergy: '16 pJ/bit' }),
    32e-9,
  );
  expect(rowsOfRun(123, 1e6, memory.rowBytes)).toBe(0);
  expect(transferCost(memory, 'write', 8000, 0)).toEqual({ time: 1e-6, energy: 8000 * 128e-12 });
});
