import { z } from 'zod';
import { integer, quantity } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel, AdcSteps } from './adc.ts';
import { capacitorLevels } from './capacitor-array.ts';
import { circuitKeys, inverseGain, noiseKeys } from './conversion-keys.ts';
import { StepList } from './steps.ts';

const values = {
  type: z.literal('ramp'),
  bits: integer({ min: 1, max: 12 }).describe('resolution: a ramp of 2^bits steps'),
  ...circuitKeys,
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  clock: quantity('Hz', { min: 1e3, max: 1e12 }).describe('steps of the ramp per second'),
  energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion of one bit line'),
  area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
  leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
});

/**
 * A ramp (single-slope) converter: a comparator and a counter that stop where a common ramp passes the input, after
 * 2^bits steps at the most; a conversion always takes the whole ramp. Give a bank as many converters as there are bit
 * lines that one ramp serves. With errors it gives the code of the nearest level of the ramp's capacitor array.
 */
export const ramp: AdcModel = {
  name: 'ramp',
  summary: 'single slope: a conversion takes 2^bits clock periods',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    const levels = 2 ** parameters.bits;
    return {
      bits: parameters.bits,
      levels,
      conversionTime: levels / parameters.clock,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { bits, noise, capacitorMismatch: mismatch, comparatorOffset, amplifierGain } = parameters;
    if (mismatch === 0 && comparatorOffset === 0 && amplifierGain === undefined) {
      return { levels: 2 ** bits, grid: 'endpoints', noise };
    }
    const errors = { mismatch, inverseGain: inverseGain(amplifierGain), split: false };
    return {
      levels: 2 ** bits,
      grid: 'centres',
      noise,
      fabricate: (normal) => {
        const levels = capacitorLevels(bits, errors, normal);
        return nearest(levels, (comparatorOffset * normal() * 2) / 2 ** bits);
      },
    };
  },
};

/** Intervals nearest to each level, the levels in whatever order they fell. */
function nearest(levels: Float64Array, offset: number): AdcSteps {
  const order = [...levels.keys()].sort((a, b) => levels[a]! - levels[b]! || a - b);
  const list = new StepList();
  order.forEach((code, index) => {
    const next = order[index + 1];
    list.add(code, next === undefined ? Infinity : (levels[code]! + levels[next]!) / 2 - offset);
  });
  return list.steps();
}
