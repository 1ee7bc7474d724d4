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
  type: z.literal('ramp'),
  ...resolutionKeys(12, 'resolution: a ramp of 2^bits steps'),
  symmetric: flag()
    .default(true)
    .describe('of its capacitor array: levels count up and down from the middle, or up from the bottom'),
  ...circuitKeys,
  ...noiseKeys,
};
const conversion = withResolution(z.strictObject(values));
const schema = withResolution(
  z.strictObject({
    ...values,
    clock: quantity('Hz', { min: 1e3, max: 1e12 }).describe('steps of the ramp per second'),
    energy: quantity('J', { min: 0, max: 1e-6 }).describe('of one conversion of one bit line'),
    area: quantity('m^2', { min: 0, max: 1e-4 }).default(0).describe('of one converter'),
    leakage: quantity('W', { min: 0, max: 10 }).default(0).describe('of one converter'),
  }),
);

/**
 * A ramp (single-slope) converter: a comparator and a counter that stop where a common ramp passes the input, after
 * `levels` steps at the most; a conversion always takes the whole ramp. One ramp serves all converters of a crossbar,
 * so the errors of its capacitor array are common to them, the offsets of comparators their own. Give a bank as many
 * converters as there are bit lines that convert at once. With errors it gives the code of the ramp's nearest level.
 */
export const ramp: AdcModel = {
  name: 'ramp',
  summary: 'single slope: a conversion takes 2^bits clock periods',
  schema,
  conversion,
  figures(parameters: z.output<typeof schema>): AdcFigures {
    const { bits, levels } = resolutionOf(parameters);
    return {
      bits,
      levels,
      conversionTime: levels / parameters.clock,
      conversionEnergy: parameters.energy,
      area: parameters.area,
      leakage: parameters.leakage,
    };
  },
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { bits, levels } = resolutionOf(parameters);
    const { noise, capacitorMismatch: mismatch, comparatorOffset, amplifierGain } = parameters;
    if (isPerfect(parameters)) return { levels, grid: 'endpoints', noise };
    const array = parameters.symmetric ? 'symmetric' : 'single';
    const errors: ArrayErrors = { mismatch, inverseGain: inverseGain(amplifierGain), array };
    return {
      levels,
      grid: 'centres',
      noise,
      fabricate: (normal, common = normal) => {
        const slope = capacitorLevels(bits, errors, common);
        return nearest(slope, stepsOfRange(comparatorOffset, levels) * normal());
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
