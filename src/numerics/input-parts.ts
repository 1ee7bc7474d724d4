import { type EncodingSpec, inputSliceBits } from '../hardware/encoding.ts';
import { type InputSlice, inputSlices } from './weight-slices.ts';

/** What of the input codes goes over the word lines, slice by slice, with one sign of its sums. */
export interface InputPart {
  /** What a unit of the part counts in the sum: input = Σ parts factor · part. */
  readonly factor: number;
  readonly slices: readonly InputSlice[];
  /** What the part holds of a code. */
  of(code: number): number;
}

/**
 * The parts of input codes up to `high`, in the order in which they are sent: one of unsigned inputs and of sign and
 * magnitude (the only part that may be negative), the low bits and the sign of a two's complement, or the positive and the
 * negative inputs. Slices that are 0 for all codes are left out.
 */
export function inputParts(encoding: EncodingSpec, signed: boolean, high: number): readonly InputPart[] {
  const widths = inputSliceBits(encoding, signed);
  if (!signed || encoding.signedInputs === 'signMagnitude') {
    return [{ factor: 1, slices: inputSlices(widths, high), of: (code) => code }];
  }
  if (encoding.signedInputs === 'twosComplement') {
    const sign = 2 ** (encoding.inputBits - 1);
    return [
      {
        factor: 1,
        slices: inputSlices(widths.slice(0, -1), sign - 1),
        of: (code) => (code < 0 ? code + sign : code),
      },
      { factor: -sign, slices: [{ bits: 1, shift: 0 }], of: (code) => (code < 0 ? 1 : 0) },
    ];
  }
  const slices = inputSlices(widths.slice(widths.length / 2), high);
  return [
    { factor: 1, slices, of: (code) => Math.max(code, 0) },
    { factor: -1, slices, of: (code) => Math.max(-code, 0) },
  ];
}

/** The digit of a code's magnitude in an input slice. */
export function digitOf(magnitude: number, { bits, shift }: InputSlice): number {
  return Math.floor(magnitude / 2 ** shift) % 2 ** bits;
}

/** Σ over the slices of all parts of a term of the digit that a code has in them. */
export function sumOfDigits(
  parts: readonly InputPart[],
  code: number,
  term: (digit: number) => number,
): number {
  return parts.reduce((total, { slices, of }) => {
    const magnitude = Math.abs(of(code));
    return slices.reduce((sum, slice) => sum + term(digitOf(magnitude, slice)), total);
  }, 0);
}
