import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputSliceBits } from '../../src/hardware/encoding.ts';
import { inputSlices, weightDigit, weightOffset, weightSlices } from '../../src/numerics/weight-slices.ts';
import { testSpec } from '../specs.ts';

test('the digits of a weight, each at its place, are the weight (plus the offset)', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('differential' as const, 'offset' as const),
      fc.integer({ min: 2, max: 16 }),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (scheme, weightBits, count, at) => {
        const { encoding } = testSpec({ encoding: { scheme, weightBits, weightSlices: count } });
        const code = Math.round(at * (2 ** (weightBits - 1) - 1));
        const slices = weightSlices(encoding);
        let sum = 0;
        for (const slice of slices) {
          const digit = weightDigit(code, slice, encoding);
          expect(Math.abs(digit)).toBeLessThanOrEqual(slice.levelMax);
          if (scheme === 'offset') expect(digit).toBeGreaterThanOrEqual(0);
          sum += digit * 2 ** slice.shift;
        }
        expect(sum).toBe(code + weightOffset(encoding));
      },
    ),
  );
});

test('the input slices of a code, each at its place, are the code', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 16 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (inputBits, width, signed, at) => {
        const { encoding } = testSpec({ encoding: { inputBits, inputSliceBits: width } });
        const high = Math.min(2 ** (signed ? inputBits - 1 : inputBits) - 1, 32767);
        const code = Math.round(at * high);
        const slices = inputSlices(inputSliceBits(encoding, signed), high);
        const sum = slices.reduce(
          (total, { shift, bits }) => total + ((code >> shift) % 2 ** bits) * 2 ** shift,
          0,
        );
        expect(sum).toBe(code);
      },
    ),
  );
});
