import { integer, real } from '../../base/quantity.ts';

/** Keys of every converter whose codes are not a power of two. */
export const levelKeys = {
  levels: integer({ min: 2, max: 65536 })
    .optional()
    .describe('codes it tells apart, where they are not 2^bits'),
};

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

/** 1 / gain of an amplifier in dB. */
export function inverseGain(decibel: number | undefined): number {
  return decibel === undefined ? 0 : 10 ** (-decibel / 20);
}
