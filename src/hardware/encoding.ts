import { z } from 'zod';
import { choice, integer, real } from '../base/quantity.ts';
import { signedInputs, signedSliceBits, sliceBits } from './signed-inputs.ts';

/** How signed weights become conductances and activations become word-line pulses. */
export const encodingSchema = z.strictObject({
  scheme: choice(['differential', 'offset'])
    .default('differential')
    .describe(
      'differential: a cell for each sign, subtracted; offset: one cell whose constant offset is removed after conversion',
    ),
  pairing: choice(['oneSided', 'twoSided'])
    .default('oneSided')
    .describe(
      'of a differential pair. oneSided: the cell of the other sign is off; twoSided: the two conductances add up to a constant',
    ),
  subtraction: choice(['analog', 'digital'])
    .default('analog')
    .describe('of a differential pair: of currents before one conversion, or of the codes of two'),
  offsetRemoval: choice(['digital', 'unitColumn'])
    .default('digital')
    .describe(
      'of offset encoding. digital: by the sum of the inputs; unitColumn: by a bit line of middle weights, read beside the others',
    ),
  weightBits: integer({ min: 2, max: 16 }).default(8),
  weightSlices: integer({ min: 1, max: 8 })
    .default(1)
    .describe('cells over which the bits of a weight spread evenly'),
  sliceBits: z
    .array(integer({ min: 1, max: 12 }))
    .min(1)
    .max(16)
    .optional()
    .describe('bits of each weight slice, lowest first, instead of weightSlices even ones'),
  sliceLevels: choice(['own', 'common'])
    .default('own')
    .describe(
      'own: a slice of fewer bits spreads over the whole conductance range; common: it keeps the level spacing of the widest',
    ),
  weightPercentile: real({ above: 50, max: 200, example: '100' })
    .default(100)
    .describe(
      'of the weight magnitudes that the conductance range holds: 99 clips one in a hundred, 120 leaves a fifth of the range unused',
    ),
  inputBits: integer({ min: 2, max: 16 }).default(8),
  inputSliceBits: integer({ min: 1, max: 8 }).default(1).describe('bits of an input applied at once'),
  signedInputs,
  accumulation: choice(['digital', 'analog'])
    .default('digital')
    .describe(
      'of input slices. digital: a conversion for each, codes are added; analog: charges are added, one conversion for the MVM',
    ),
  biasRows: integer({ min: 0, max: 64 })
    .default(0)
    .describe(
      'word lines, always fully driven, whose cells hold the bias in equal parts; 0: it is added digitally',
    ),
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
  if (encoding.sliceBits !== undefined) return encoding.sliceBits;
  const bits = encoding.scheme === 'differential' ? encoding.weightBits - 1 : encoding.weightBits;
  return sliceBits(bits, Math.ceil(bits / encoding.weightSlices));
}

/** Bits of the input slices in the order in which they are sent, lowest first; those of inputs that may be negative as `signedInputs` has it. */
export function inputSliceBits(encoding: EncodingSpec, signed: boolean): readonly number[] {
  const { inputBits, inputSliceBits: width } = encoding;
  return signed ? signedSliceBits(encoding.signedInputs, inputBits, width) : sliceBits(inputBits, width);
}

/** Bit lines that one output column takes: the cells of a pair have one each unless they are interleaved on one. */
export function bitLinesPerColumn(encoding: EncodingSpec, interleaved = false): number {
  const pair = encoding.scheme === 'differential' && !interleaved ? 2 : 1;
  return weightSliceBits(encoding).length * pair;
}

/** Conversions that one output column needs at a time: one for each weight slice, two where pairs are subtracted after. */
export function conversionsPerColumn(encoding: EncodingSpec): number {
  const apart = encoding.scheme === 'differential' && encoding.subtraction === 'digital';
  return weightSliceBits(encoding).length * (apart ? 2 : 1);
}

/** Columns beside the outputs of each group on each crossbar: the unit column. */
export function extraColumns(encoding: EncodingSpec): number {
  return encoding.scheme === 'offset' && encoding.offsetRemoval === 'unitColumn' ? 1 : 0;
}

/** How often an MVM of so many input slices is converted: after each slice, or once when charges are accumulated. */
export function conversionRounds(encoding: EncodingSpec, slices: number): number {
  return encoding.accumulation === 'analog' ? 1 : slices;
}
