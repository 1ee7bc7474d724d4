import { z } from 'zod';
import { choice, integer } from '../base/quantity.ts';

/** How signed weights become conductances and activations become word-line pulses. */
export const encodingSchema = z.strictObject({
  scheme: choice(['differential', 'offset'])
    .default('differential')
    .describe(
      'differential: a cell for each sign, subtracted before conversion; offset: one cell, offset removed digitally',
    ),
  weightBits: integer({ min: 2, max: 16 }).default(8),
  weightSlices: integer({ min: 1, max: 8 })
    .default(1)
    .describe('cells over which the bits of a weight spread'),
  inputBits: integer({ min: 2, max: 16 }).default(8),
  inputSliceBits: integer({ min: 1, max: 8 }).default(1).describe('bits of an input applied at once'),
  weightScaling: choice(['column', 'layer'])
    .default('column')
    .describe('one scale per output column (its gain is digital), or one for the layer'),
});

export type EncodingSpec = z.output<typeof encodingSchema>;

/**
 * Bits of a weight slice, lowest first: the magnitude bits (differential: weightBits − 1) or all bits (offset)
 * cut as evenly as they go, the last slice keeping the remainder. Empty slices are left out.
 */
export function weightSliceBits(encoding: EncodingSpec): readonly number[] {
  const bits = encoding.scheme === 'differential' ? encoding.weightBits - 1 : encoding.weightBits;
  return cut(bits, Math.ceil(bits / encoding.weightSlices));
}

/** Bits of an input slice, lowest first; signed inputs carry their sign on the word line and lose one bit. */
export function inputSliceBits(encoding: EncodingSpec, signed: boolean): readonly number[] {
  return cut(signed ? encoding.inputBits - 1 : encoding.inputBits, encoding.inputSliceBits);
}

/** Bit lines that one output column takes. */
export function bitLinesPerColumn(encoding: EncodingSpec): number {
  return weightSliceBits(encoding).length * (encoding.scheme === 'differential' ? 2 : 1);
}

/** Conversions that one output column needs for one input slice (the pair is subtracted before conversion). */
export function conversionsPerColumn(encoding: EncodingSpec): number {
  return weightSliceBits(encoding).length;
}

function cut(bits: number, width: number): readonly number[] {
  const slices: number[] = [];
  for (let rest = bits; rest > 0; rest -= width) slices.push(Math.min(width, rest));
  return slices;
}
