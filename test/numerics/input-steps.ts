import type { EncodingSpec } from '../../src/hardware/encoding.ts';

/** What a word line carries at a time, and what it counts. */
export interface InputStep {
  readonly weight: number;
  /** Largest digit. */
  readonly most: number;
  digit(code: number): number;
}

/** The steps of an input code, one after the other, by the book: Σ weight · digit is the code. */
export function inputSteps(encoding: EncodingSpec, signed: boolean): readonly InputStep[] {
  const { inputBits, inputSliceBits, signedInputs } = encoding;
  const cut = (bits: number, sign: 1 | -1, part: (code: number) => number): InputStep[] => {
    const steps: InputStep[] = [];
    for (let shift = 0; shift < bits; shift += inputSliceBits) {
      const levels = 2 ** Math.min(inputSliceBits, bits - shift);
      const digit = (code: number) => Math.trunc(part(code) / 2 ** shift) % levels;
      steps.push({ weight: sign * 2 ** shift, most: levels - 1, digit });
    }
    return steps;
  };
  if (!signed) return cut(inputBits, 1, (code) => code);
  if (signedInputs === 'signMagnitude') return cut(inputBits - 1, 1, (code) => code);
  if (signedInputs === 'positiveThenNegative') {
    const positive = cut(inputBits, 1, (code) => Math.max(code, 0));
    return [...positive, ...cut(inputBits, -1, (code) => Math.max(-code, 0))];
  }
  // −1 is all ones.
  const complement = (code: number) => (code + 2 ** inputBits) % 2 ** inputBits;
  const sign = 2 ** (inputBits - 1);
  const last = { weight: -sign, most: 1, digit: (code: number) => Math.floor(complement(code) / sign) };
  return [...cut(inputBits - 1, 1, complement), last];
}
