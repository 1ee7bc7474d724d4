import type { z } from 'zod';
import { integer, real } from '../../base/quantity.ts';

/** Keys of a resolution told by bits or by levels; `withResolution` checks them. */
export function resolutionKeys(most: number, meaning: string) {
  return {
    bits: integer({ min: 1, max: most, example: '8' }).optional().describe(meaning),
    levels: integer({ min: 2, max: 2 ** most })
      .optional()
      .describe('codes it tells apart, instead of 2^bits'),
  };
}

interface Resolution {
  readonly bits?: number | undefined;
  readonly levels?: number | undefined;
}

/** Codes of a converter of which `bits`, `levels` or both are given, and the bits they take. */
export function resolutionOf({ bits, levels }: Resolution): { bits: number; levels: number } {
  const codes = levels ?? 2 ** (bits ?? 0);
  return { bits: bits ?? Math.ceil(Math.log2(codes)), levels: codes };
}

/** A schema that refuses a converter without a resolution, with two, and circuits of other than 2^bits codes. */
export function withResolution<Schema extends z.ZodType<Resolution & object>>(schema: Schema): Schema {
  return schema.superRefine((parameters, context) => {
    const refuse = (key: string, message: string, cure: string) =>
      context.addIssue({ code: 'custom', path: [key], message, params: { cure } });
    const { bits, levels } = parameters;
    if (bits === undefined && levels === undefined) {
      refuse('bits', 'neither bits nor levels are given', 'give one of them');
    } else if (bits !== undefined && levels !== undefined && Math.ceil(Math.log2(levels)) !== bits) {
      refuse('levels', `${levels} levels are no ${bits} bits`, 'leave bits out');
    }
    if (levels !== undefined && 2 ** Math.ceil(Math.log2(levels)) !== levels && hasArray(parameters)) {
      refuse(
        'levels',
        `a capacitor array of ${levels} levels`,
        'give bits, or leave out the errors of its circuit',
      );
    }
  });
}

function hasArray(parameters: object): boolean {
  const { capacitorMismatch = 0, comparatorOffset = 0, amplifierGain } = parameters as Partial<CircuitErrors>;
  return (
    'capacitorMismatch' in parameters && !isPerfect({ capacitorMismatch, comparatorOffset, amplifierGain })
  );
}

/** Noise that every converter may have. */
export const noiseKeys = {
  noise: real({ min: 0, max: 1000 })
    .default(0)
    .describe('standard deviation of its own noise, in steps (LSB), drawn at every conversion'),
};

/** Errors of a converter built of capacitors, comparators and amplifiers (Spear et al., IEEE JXCDC 2023). */
export const circuitKeys = {
  capacitorMismatch: real({ min: 0, max: 1 })
    .default(0)
    .describe('standard deviation of a unit capacitor, relative to it, drawn once per chip and converter'),
  comparatorOffset: real({ min: 0, max: 1000 })
    .default(0)
    .describe('standard deviation of a comparator’s offset, in steps (LSB), drawn once per chip'),
  amplifierGain: real({ min: 1, max: 1000 })
    .optional()
    .describe('open-loop gain of the amplifier in dB; infinite when left out'),
};

interface CircuitErrors {
  readonly capacitorMismatch: number;
  readonly comparatorOffset: number;
  readonly amplifierGain?: number | undefined;
}

/** Whether a circuit has no error at all: it is then an ideal converter. */
export function isPerfect({ capacitorMismatch, comparatorOffset, amplifierGain }: CircuitErrors): boolean {
  return capacitorMismatch === 0 && comparatorOffset === 0 && amplifierGain === undefined;
}

/** Steps (LSB) in units of half the range. */
export function stepsOfRange(steps: number, levels: number): number {
  return (2 * steps) / levels;
}

/** 1 / gain of an amplifier in dB. */
export function inverseGain(decibel: number | undefined): number {
  return decibel === undefined ? 0 : 10 ** (-decibel / 20);
}
