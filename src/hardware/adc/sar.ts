import { z } from 'zod';
import { flag, integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel, AdcSteps } from './adc.ts';
import { capacitorLevels } from './capacitor-array.ts';
import { circuitKeys, inverseGain, levelKeys, noiseKeys } from './conversion-keys.ts';
import { StepList } from './steps.ts';

const values = {
  type: z.literal('sar'),
  bits: integer({ min: 1, max: 14 }).describe('resolution'),
  ...levelKeys,
  split: flag()
    .default(false)
    .describe('capacitor arrays of their own for levels above and below the middle of the range'),
  ...circuitKeys,
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
    'conversions per second of one converter',
  ),
  energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion'),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
});

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
      bits: parameters.bits,
      levels: parameters.levels ?? 2 ** parameters.bits,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { bits, levels = 2 ** bits, split, noise } = parameters;
    const { capacitorMismatch: mismatch, comparatorOffset, amplifierGain } = parameters;
    if (mismatch === 0 && comparatorOffset === 0 && amplifierGain === undefined) {
      return { levels, grid: 'endpoints', noise };
    }
    const errors = { mismatch, inverseGain: inverseGain(amplifierGain), split };
    return {
      levels: 2 ** bits,
      grid: 'centres',
      noise,
      fabricate: (normal) => {
        const tree = capacitorLevels(bits, errors, normal);
        return search(tree, bits, (comparatorOffset * normal() * 2) / 2 ** bits);
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
