import { beforeAll, expect, test } from 'vitest';
import { loadUnits } from '../../src/base/quantity.ts';
import { memories } from '../../src/hardware/memory/index.ts';
import { rowsOf, transferTime } from '../../src/hardware/memory/transfer.ts';

beforeAll(loadUnits);

// JESD209-4, 3200 Mb/s on 32 bits: 12.8 GB/s. 64 KiB of whole rows: 5.12 µs and 16 rows of 36 ns.
test('a transfer from LPDDR4, by hand', () => {
  const memory = memories.resolve(memories.schema.parse({ type: 'lpddr4' }), 32e-9);
  expect(rowsOf(65536, memory)).toBe(16);
  expect(transferTime(65536, memory) * 1e9).toBeCloseTo(5120 + 16 * 36, 6);
});

test('part of a row is opened like a whole one', () => {
  const memory = { bandwidth: 1e9, rowBytes: 100, rowMissTime: 7e-9 };
  expect([0, 1, 100, 101, 250].map((bytes) => rowsOf(bytes, memory))).toEqual([0, 1, 1, 2, 3]);
  expect(transferTime(250, memory)).toBeCloseTo(250e-9 + 21e-9, 18);
});

test('a memory without rows takes its bytes', () => {
  const figures = { bandwidth: '8 GB/s', readEnergy: '8 pJ/bit', writeEnergy: '16 pJ/bit' };
  const memory = memories.resolve(memories.schema.parse(figures), 32e-9);
  expect(rowsOf(1e6, memory)).toBe(0);
  expect(transferTime(8000, memory)).toBe(1e-6);
});
