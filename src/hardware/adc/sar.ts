import { z } from 'zod';
import { flag, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel, AdcSteps } from './adc.ts';
import { type ArrayErrors, capacitorLevels } from './capacitor-array.ts';
import {
  circuitKeys,
  inverseGain,
  isPerfect,
  noiseKeys,
  resolutionKeys,
  resolutionOf,
  stepsOfRange,
  withResolution,
} from './conversion-keys.ts';
import { StepList } from './steps.ts';

const values = {
  type: z.literal('sar'),
  ...resolutionKeys(14, 'resolution'),
  split: flag()
    .default(false)
    .describe('the lower half of its capacitors lies behind a bridge capacitor, as in small arrays'),
  ...circuitKeys,
  ...noiseKeys,
};
const conversion = withResolution(z.strictObject(values));
const schema = withResolution(
  z.strictObject({
    ...values,
    sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
      'conversions per second of one converter',
    ),
    energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion'),
    area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
    leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
  }),
);

/**
 * A successive-approximation converter described by its published figures. With errors of its circuit it searches
 * the levels of its capacitor array bit by bit, comparing with what lies half a step below each.
 */
export const sar: AdcModel = {
  name: 'sar',
  summary: 'successive approximation, by the figures given: they do not follow bits by themselves',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    return {
      ...resolutionOf(parameters),
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { bits, levels } = resolutionOf(parameters);
    const { noise, capacitorMismatch: mismatch, comparatorOffset, amplifierGain } = parameters;
    if (isPerfect(parameters)) return { levels, grid: 'endpoints', noise };
    const array = parameters.split ? 'split' : 'symmetric';
    const errors: ArrayErrors = { mismatch, inverseGain: inverseGain(amplifierGain), array };
    return {
      levels,
      grid: 'centres',
      noise,
      fabricate: (normal) => {
        const tree = capacitorLevels(bits, errors, normal);
        return search(tree, bits, stepsOfRange(comparatorOffset, levels) * normal());
      },
    };
  },
};

/** The intervals that a binary search gives: each comparison halves the codes, whatever the levels are. */
function search(levels: Float64Array, bits: number, offset: number): AdcSteps {
  const list = new StepList();
  const visit = (found: number, bit: number, low: number, high: number): void => {
    if (low >= high) return;
    if (bit < 0) {
      list.add(found, high);
      return;
    }
    const threshold = levels[found + 2 ** bit]! - 2 ** -bits - offset;
    visit(found, bit - 1, low, Math.min(high, threshold));
    visit(found + 2 ** bit, bit - 1, Math.max(low, threshold), high);
  };
  visit(0, bits - 1, -Infinity, Infinity);
  return list.steps();
}
