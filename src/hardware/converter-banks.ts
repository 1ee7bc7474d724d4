import { z } from 'zod';
import { choice, flag, integer, real } from '../base/quantity.ts';
import type { AdcBehaviour, AdcFigures } from './adc/adc.ts';
import { adcModels } from './adc/index.ts';
import type { DacBehaviour, DacFigures } from './dac/dac.ts';
import { dacModels } from './dac/index.ts';
import { modelUnion } from './model-union.ts';
import { sampleAndHolds } from './sample-hold/index.ts';
import { shiftAndAdds } from './shift-add/index.ts';

/** The drivers of the word lines: one per row of every crossbar. */
export const dacBankSchema = z.strictObject({
  dac: modelUnion(dacModels).describe('the driver of one word line'),
});

/** Holds the bit-line values while the converters work through them: one per bit line. */
export const sampleAndHoldSchema = sampleAndHolds.schema;

/** The converters of a core, and how their input range is set. */
export const adcBankSchema = z.strictObject({
  count: integer({ min: 1, max: 65536 }).describe(
    'converters of each crossbar, or of the core: see sharedBy',
  ),
  sharedBy: choice(['crossbar', 'core'])
    .default('crossbar')
    .describe('crossbar: each crossbar has `count` of its own; core: all crossbars of a core queue for them'),
  adc: modelUnion(adcModels).describe('one converter'),
  range: choice(['calibrated', 'max', 'granular', 'given'])
    .default('calibrated')
    .describe(
      'full scale: decided by calibration images, the largest possible partial sum, what makes a step of one level, or `limits`',
    ),
  rule: choice(['percentile', 'leastError'])
    .default('percentile')
    .describe(
      'of calibrated ranges. percentile: holds that share of partial sums; leastError: least mean absolute error of conversion',
    ),
  percentile: real({ above: 50, max: 100 })
    .default(99.98)
    .describe('of the calibrated partial sums that the range keeps (Xiao et al. 2022 use 99.98)'),
  errorBits: integer({ min: 1, max: 16 })
    .optional()
    .describe('of the converter that leastError assumes; more than the real one holds more of the tails'),
  reluAware: flag()
    .default(false)
    .describe('calibrate only with partial sums of outputs that a ReLU behind the layer lets pass'),
  shape: choice(['symmetric', 'free'])
    .default('symmetric')
    .describe('of calibrated ranges of signed partial sums: symmetric about 0, or both limits on their own'),
  sliceRanges: choice(['free', 'powersOfTwo'])
    .default('free')
    .describe('powersOfTwo: the ranges of weight slices are the largest possible one over powers of two'),
  limits: z
    .array(z.tuple([real({ min: -1e9, max: 1e9 }), real({ min: -1e9, max: 1e9 })]))
    .min(1)
    .max(16)
    .optional()
    .describe(
      'of range `given`: [low, high] for each weight slice, or once for all, in currents of a cell fully on',
    ),
});

/** Adds the codes of slices and row blocks, each at its place value. */
export const shiftAndAddSchema = shiftAndAdds.schema;

export type AdcBankSpec = z.output<typeof adcBankSchema>;
export type DacBankSpec = z.output<typeof dacBankSchema>;

/** The figures of the bank's converter at a technology node in m. */
export function adcFigures(bank: AdcBankSpec, technology: number): AdcFigures {
  return adcModels.get(bank.adc.type).figures(bank.adc as never, technology);
}

/** The figures of one word-line driver at a technology node in m. */
export function dacFigures(bank: DacBankSpec, technology: number): DacFigures {
  return dacModels.get(bank.dac.type).figures(bank.dac as never, technology);
}

/** What a conversion of the bank does to values. */
export function adcBehaviour(bank: AdcBankSpec): AdcBehaviour {
  return adcModels.get(bank.adc.type).behaviour(bank.adc as never);
}

/** What driving a word line does to values. */
export function dacBehaviour(bank: DacBankSpec): DacBehaviour {
  return dacModels.get(bank.dac.type).behaviour(bank.dac as never);
}
