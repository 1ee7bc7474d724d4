import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitalTaskCycles } from '../../src/mapping/digital-work.ts';
import { testSpec } from '../specs.ts';

const core = testSpec().digitalCore!;
const withArray = (macArray: object, bandwidth = 1e15) => ({
  ...core,
  macArray: { ...core.macArray!, ...macArray },
  weightMemory: { ...core.weightMemory!, bandwidth },
});
const product = (rows: number, columns: number, groups = 1) => ({
  groups,
  rows,
  columns,
  vectorsPerPosition: 1,
  macsPerPosition: groups * rows * columns,
  constant: true,
  streamedBytes: 0,
  streamedEachTask: false,
});

/**
 * When the last product leaves a systolic array of R x C with its weights in place: weights shift in one row a cycle,
 * input r of vector t enters row r at R + t + r, passes one column a cycle, sums pass one row a cycle.
 */
function lastOut(rows: number, columns: number, vectors: number): number {
  let last = 0;
  for (let vector = 0; vector < vectors; vector++) {
    for (let column = 0; column < columns; column++) {
      const bottom = rows + vector + (rows - 1) + column;
      last = Math.max(last, bottom + 1);
    }
  }
  return last;
}

test('a systolic array takes what stepping it cycle by cycle takes, block by block', () => {
  fc.assert(
    fc.property(
      fc.tuple(...[8, 8, 20, 30, 30, 3].map((max) => fc.integer({ min: 1, max }))),
      ([rows, columns, vectors, matrixRows, matrixColumns, groups]) => {
        const array = withArray({ rows, columns, dataflow: 'systolic' });
        const work = digitalTaskCycles(array, product(matrixRows!, matrixColumns!, groups!), vectors!, 0);
        const blocks = groups! * Math.ceil(matrixRows! / rows!) * Math.ceil(matrixColumns! / columns!);
        expect(work.mac).toBe(blocks * lastOut(rows!, columns!, vectors!));
      },
    ),
  );
});

test('it is never faster than an array that overlaps loading with streaming', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (vectors, size) => {
      const cycles = (dataflow: string) =>
        digitalTaskCycles(withArray({ dataflow }), product(size, size), vectors, 0).mac;
      expect(cycles('systolic')).toBeGreaterThanOrEqual(cycles('weightStationary') - 2);
    }),
  );
});

test('wider numbers take more bytes of weights, and longer to load them', () => {
  const bytes = (precision: string) =>
    digitalTaskCycles(withArray({ precision }), product(32, 32), 1, 0).weightBytes;
  expect([bytes('int8'), bytes('int16'), bytes('fp16'), bytes('fp32')]).toEqual([1024, 2048, 2048, 4096]);
  // 16 bytes a cycle at 1 GHz: a row of 16 weights in a cycle, of fp32 in four.
  const load = (precision: string) =>
    digitalTaskCycles(withArray({ precision, rows: 16, columns: 16 }, 16e9), product(16, 16), 1, 0).mac - 32;
  expect([load('int8'), load('fp16'), load('fp32')]).toEqual([16, 32, 64]);
});
