import { expect, test } from 'vitest';
import { crossbarTable } from '../../../bench/crossbar.ts';

test('the bench of one crossbar measures every way to multiply by it', async () => {
  const text = await crossbarTable({ quick: true });
  const rows = text.split('\n').filter((line) => /^\S.* {2,}\d+\.\d\d( |$)/.test(line));
  expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual([
    'ideal',
    'programming error',
    'IR drop, input-sourced, 1e-4 / Gmax',
    '8-bit drivers, 8-bit conversion',
    'read noise',
    'bit-serial, a conversion a bit',
    'the same, 4 weight slices',
    'the same with read noise',
    'gated, bit-serial, IR drop',
  ]);
  for (const row of rows) expect(Number(row.split(/ {2,}/)[1])).toBeGreaterThan(0);
  expect(text).toContain('effective matrix with IR drop');
});
