import { z } from 'zod';
import { integer, quantity, real } from '../../base/quantity.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { noiseKeys } from './conversion-keys.ts';
import { costOverrides, overridden } from './cost-keys.ts';

const values = {
  type: z.literal('survey'),
  bits: integer({ min: 4, max: 14 }).describe('effective number of bits (the regression starts at 4)'),
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e10 }).describe(
    'conversions per second of one converter',
  ),
  energyFactor: real({ above: 0, max: 100 }).default(1).describe('calibration: multiplies the energy'),
  areaFactor: real({ above: 0, max: 100 }).default(1).describe('calibration: multiplies the area'),
  ...costOverrides,
});

/**
 * A converter by regression over the ADC survey (B. Murmann, 215 converters, 1997-2023), with the coefficients
 * of Andrulis et al., arXiv 2404.06553. Optimistic: the constants are the 20th (energy) and 10th (area)
 * percentile of the residuals; uncalibrated it is good to about a factor of 3.6 either way.
 */
export const survey: AdcModel = {
  name: 'survey',
  summary: 'regression over the ADC survey by bits, rate and technology node',
  schema,
  conversion,
  behaviour({ bits, noise }: z.output<typeof conversion>): AdcBehaviour {
    return { levels: 2 ** bits, grid: 'endpoints', noise };
  },
  figures(parameters: z.output<typeof schema>, technology: number): AdcFigures {
    const { bits, sampleRate } = parameters;
    const picojoule = surveyEnergy(bits, sampleRate, technology * 1e9);
    const squareMicrometre = surveyArea(picojoule, sampleRate, technology * 1e9);
    const figures = {
      bits,
      levels: 2 ** bits,
      conversionTime: 1 / sampleRate,
      conversionEnergy: picojoule * 1e-12 * parameters.energyFactor,
      area: squareMicrometre * 1e-12 * parameters.areaFactor,
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};

/** pJ of one conversion; rate in conversions per second, node in nm (arXiv 2404.06553, published coefficients). */
export function surveyEnergy(bits: number, rate: number, nanometre: number): number {
  const sndr = 6.0206 * bits + 1.7609;
  const walden = 213.7806687 - 2.87190304 * Math.log(rate);
  const thermal = 128.3068287 + 3.22051152 * Math.min(Math.max(Math.ceil(bits), 0), 20);
  const figureOfMerit = Math.min(walden, thermal);
  const fit = 26.04962157 + 1.88003692 * Math.log(nanometre) - 2.82912561 * Math.log(bits) - 1.47020221;
  return 0.5 * 10 ** ((sndr - figureOfMerit) / 10) * Math.exp(fit);
}

/** µm² of one converter from its pJ per conversion (same source). */
export function surveyArea(picojoule: number, rate: number, nanometre: number): number {
  return Math.exp(
    1.34619164 +
      0.99327947 * Math.log(nanometre) +
      0.18071538 * Math.log(rate) +
      0.29912426 * Math.log(picojoule),
  );
}
