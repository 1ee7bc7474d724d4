import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activationGrid } from '../../src/network/quantization.ts';
import { analogFormat, isLossless } from '../../src/numerics/analog-format.ts';
import { fixedRanges } from '../../src/numerics/range-rules.ts';
import { cellPhysics } from '../../src/numerics/cells.ts';
import { mvmGeometry } from '../../src/numerics/mvm-geometry.ts';
import { weightDigit } from '../../src/numerics/weight-slices.ts';
import { sarAdc, testSpec } from '../specs.ts';
import { NetworkDraft } from './sample-networks.ts';

const ROWS = 7;
const COLUMNS = 2;

function lowered(signed: boolean) {
  const net = new NetworkDraft([1, ROWS]);
  net.dense(-1, COLUMNS);
  return net.lower(signed);
}
const networks = [lowered(false), lowered(true)];

test('the largest partial sum is that of the worst inputs, tried out', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('differential' as const, 'offset' as const),
      fc.boolean(),
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(3, 4, 7),
      fc.constantFrom(undefined, 10),
      fc.array(fc.integer({ min: -127, max: 127 }), { minLength: ROWS * COLUMNS, maxLength: ROWS * COLUMNS }),
      (scheme, signed, inputSliceBits, crossbarRows, onOffRatio, weights) => {
        const spec = testSpec({
          encoding: { scheme, weightSlices: 2, inputSliceBits },
          crossbar: { rows: crossbarRows },
          cell: { onOffRatio },
        });
        const geometry = mvmGeometry(networks[signed ? 1 : 0]!, 0, crossbarRows);
        const codes = Int16Array.from(weights);
        const grid = activationGrid(1, 8, signed);
        const format = analogFormat(geometry, spec, codes, grid, cellPhysics(spec.analogCore!.cell));
        const widest = 2 ** inputSliceBits - 1;
        format.weights.forEach((slice, index) => {
          let largest = 0;
          for (const { start, rows } of format.blocks) {
            for (let column = 0; column < COLUMNS; column++) {
              // The worst input of each row is one of its extremes.
              for (let pattern = 0; pattern < 2 ** rows; pattern++) {
                let sum = 0;
                for (let row = 0; row < rows; row++) {
                  const on = (pattern >> row) % 2 === 1;
                  const x = on ? widest : signed ? -widest : 0;
                  const code = codes[column * ROWS + start + row]!;
                  sum += x * (weightDigit(code, slice, spec.encoding) + format.pedestals[index]!);
                }
                largest = Math.max(largest, Math.abs(sum));
              }
            }
          }
          expect(format.largest[index]!).toBeCloseTo(largest, 6);
        });
      },
    ),
  );
});

test('converters lose nothing exactly when a step is one level and every sum has a code', () => {
  const codes = new Int16Array(ROWS * COLUMNS).fill(127);
  const ranges = (bits: number, cell = {}) => {
    const adc = sarAdc(bits);
    const spec = testSpec({ adcBank: { adc }, cell });
    const geometry = mvmGeometry(networks[0]!, 0, 256);
    const physics = cellPhysics(spec.analogCore!.cell);
    const format = analogFormat(geometry, spec, codes, activationGrid(1, 8, false), physics);
    return { format, worst: fixedRanges(spec.analogCore!.adcBank, format, ROWS) };
  };
  // 7 rows of 127 give 889: 11 bits with a sign, 10 are one too few.
  const enough = ranges(11);
  expect(enough.worst).toEqual([{ low: -1023, high: 1023, lsb: 1, zero: 0 }]);
  expect(isLossless(enough.format, enough.worst)).toBe(true);
  const few = ranges(10);
  expect(few.worst[0]!.lsb).toBeCloseTo(889 / 511, 6);
  expect(isLossless(few.format, few.worst)).toBe(false);
  expect(isLossless(enough.format, [{ low: -511, high: 511, lsb: 1, zero: 0 }])).toBe(false);
  const erring = ranges(11, { program: { type: 'normal', law: 'independent', sigma: 0.01 } });
  expect(isLossless(erring.format, erring.worst)).toBe(false);
});
