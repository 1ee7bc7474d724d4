import { choice } from '../base/quantity.ts';

/**
 * How an input that may be negative goes over a word line, in input slices:
 * - `signMagnitude`: slices of the magnitude, on drivers of both polarities: one bit fewer than unsigned inputs have;
 * - `twosComplement`: the bits of the two's complement on drivers of one polarity, the sign as a slice of its own, behind the
 *   others, whose codes are subtracted: it weighs −2^(bits−1) (Shafiee et al., ISCA 2016);
 * - `positiveThenNegative`: the positive inputs, then the magnitudes of the negative ones, whose codes are subtracted, each as
 *   unsigned inputs are sent (RAELLA as its authors model it in CiMLoop: signed inputs take twice the steps).
 */
export const signedInputs = choice(['signMagnitude', 'twosComplement', 'positiveThenNegative'])
  .default('signMagnitude')
  .describe(
    'how inputs that may be negative are sent. signMagnitude: by drivers of both polarities, a bit fewer; twosComplement: the sign as a last slice that is subtracted; positiveThenNegative: in two turns of all slices, the second subtracted',
  );

/** Bits of the input slices of an input of so many bits that may be negative, in the order in which they are sent. */
export function signedSliceBits(
  how: 'signMagnitude' | 'twosComplement' | 'positiveThenNegative',
  bits: number,
  width: number,
): readonly number[] {
  if (how === 'signMagnitude') return sliceBits(bits - 1, width);
  if (how === 'twosComplement') return [...sliceBits(bits - 1, width), 1];
  const unsigned = sliceBits(bits, width);
  return [...unsigned, ...unsigned];
}

/** Bits cut into slices of `width`, lowest first, the last one keeping the remainder. */
export function sliceBits(bits: number, width: number): readonly number[] {
  const slices: number[] = [];
  for (let rest = bits; rest > 0; rest -= width) slices.push(Math.min(width, rest));
  return slices;
}
