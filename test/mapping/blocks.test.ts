import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitLinesPerColumn } from '../../src/hardware/encoding.ts';
import { cutIntoBlocks, evenly } from '../../src/mapping/blocks.ts';
import { denseLowering, testSpec } from '../specs.ts';

const shapes = fc.record({
  groups: fc.integer({ min: 1, max: 12 }),
  rows: fc.integer({ min: 1, max: 700 }),
  columns: fc.integer({ min: 1, max: 300 }),
  crossbarRows: fc.integer({ min: 8, max: 256 }),
  crossbarColumns: fc.integer({ min: 8, max: 256 }),
  slices: fc.constantFrom(1, 2, 4),
  scheme: fc.constantFrom('differential' as const, 'offset' as const),
  interleaved: fc.boolean(),
  unitColumn: fc.boolean(),
  biasRows: fc.constantFrom(0, 0, 2),
});

describe('blocks', () => {
  test('cover every weight exactly once and fit their crossbars', () => {
    fc.assert(
      fc.property(shapes, ({ groups, rows, columns, slices, scheme, biasRows, ...shape }) => {
        const crossbarRows = shape.crossbarRows;
        const crossbarColumns = Math.max(shape.crossbarColumns, 16);
        const pairs = shape.interleaved && scheme === 'differential' ? 'interleaved' : 'separate';
        const wires = { rowResistance: 1, columnResistance: 1, rowTerminal: 0, columnTerminal: 0 };
        const layout = { topology: 'inputSourced', unusedRows: 'atOutput' } as const;
        const unitColumn = shape.unitColumn && scheme === 'offset';
        const spec = testSpec({
          crossbar: { rows: crossbarRows, columns: crossbarColumns, wires: { ...wires, ...layout, pairs } },
          encoding: {
            ...{ scheme, weightSlices: slices, biasRows },
            offsetRemoval: unitColumn ? 'unitColumn' : 'digital',
          },
        });
        const blocks = cutIntoBlocks(denseLowering({ groups, rows, columns }), spec);
        const covered = new Uint8Array(groups * rows * columns);
        for (const block of blocks) {
          const wordLines = pairs === 'interleaved' ? 2 : 1;
          expect((block.groups * block.rows + block.biasRows) * wordLines).toBeLessThanOrEqual(crossbarRows);
          const lines = bitLinesPerColumn(spec.encoding, pairs === 'interleaved');
          const taken = block.groups * (block.columns + (unitColumn ? 1 : 0)) * lines;
          expect(taken).toBeLessThanOrEqual(crossbarColumns);
          const last = block.rowStart + block.rows === rows;
          expect(block.biasRows).toBe(last ? biasRows : 0);
          for (let group = block.group; group < block.group + block.groups; group++) {
            for (let column = block.columnStart; column < block.columnStart + block.columns; column++) {
              const base = (group * columns + column) * rows;
              for (let row = block.rowStart; row < block.rowStart + block.rows; row++) {
                covered[base + row] = covered[base + row]! + 1;
              }
            }
          }
        }
        expect(covered.every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('spread rows evenly over as few crossbars as hold them', () => {
    const spec = testSpec({ crossbar: { rows: 256, columns: 256 } });
    const blocks = cutIntoBlocks(denseLowering({ groups: 1, rows: 400, columns: 120 }), spec);
    expect(blocks.map((block) => block.rows)).toEqual([200, 200]);
  });

  test('put small groups of a depthwise layer on one diagonal', () => {
    const spec = testSpec({ crossbar: { rows: 256, columns: 256 } });
    const blocks = cutIntoBlocks(denseLowering({ groups: 96, rows: 9, columns: 1 }), spec);
    expect(blocks).toHaveLength(Math.ceil(96 / Math.floor(256 / 9)));
  });

  test('evenly: parts differ by at most one and add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 40 }), (total, parts) => {
        fc.pre(parts <= total);
        const lengths = evenly(total, parts).map(([, length]) => length);
        expect(lengths.reduce((a, b) => a + b, 0)).toBe(total);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
