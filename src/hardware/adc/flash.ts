import { z } from 'zod';
import { quantity, real } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel, AdcSteps } from './adc.ts';
import { noiseKeys, resolutionKeys, resolutionOf, stepsOfRange, withResolution } from './conversion-keys.ts';
import { StepList } from './steps.ts';

const values = {
  type: z.literal('flash'),
  ...resolutionKeys(8, 'resolution: 2^bits − 1 comparators'),
  comparatorOffset: real({ min: 0, max: 1000 })
    .default(0)
    .describe('standard deviation of a comparator’s offset, in steps (LSB), drawn once per chip'),
  ...noiseKeys,
};
const conversion = withResolution(z.strictObject(values));
const schema = withResolution(
  z.strictObject({
    ...values,
    sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
      'conversions per second of one converter',
    ),
    comparatorEnergy: quantity('J', { min: 0, max: 1e-6 }).describe('of one comparator in one conversion'),
    comparatorArea: quantity('m^2', { min: 0, max: 1e-6 }).default(0).describe('of one comparator'),
    comparatorLeakage: quantity('W', { min: 0, max: 1 }).default(0).describe('of one comparator'),
  }),
);

/**
 * A flash converter: one comparator per threshold, so that energy and area grow with levels − 1 (the cost law
 * of Kim et al., ACM JETC 18(4) 2022, for extreme partial-sum quantization).
 */
export const flash: AdcModel = {
  name: 'flash',
  summary: 'one comparator per threshold: cost grows with 2^bits − 1',
  schema,
  conversion,
  behaviour(parameters: z.output<typeof conversion>): AdcBehaviour {
    const { levels } = resolutionOf(parameters);
    const { comparatorOffset, noise } = parameters;
    if (comparatorOffset === 0) return { levels, grid: 'endpoints', noise };
    return {
      levels,
      grid: 'centres',
      noise,
      fabricate: (normal) => counted(levels, stepsOfRange(comparatorOffset, levels), normal),
    };
  },
  figures(parameters: z.output<typeof schema>): AdcFigures {
    const { bits, levels } = resolutionOf(parameters);
    const comparators = levels - 1;
    return {
      bits,
      levels,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: comparators * parameters.comparatorEnergy,
      area: comparators * parameters.comparatorArea,
      leakage: comparators * parameters.comparatorLeakage,
    };
  },
};

/** The code is the number of comparators below the input, whichever they are. */
function counted(levels: number, offset: number, normal: () => number): AdcSteps {
  const thresholds = Array.from(
    { length: levels - 1 },
    (_, index) => (2 * (index + 1) - levels) / levels + offset * normal(),
  ).sort((a, b) => a - b);
  const list = new StepList();
  thresholds.forEach((threshold, code) => list.add(code, threshold));
  list.add(levels - 1, Infinity);
  return list.steps();
}
