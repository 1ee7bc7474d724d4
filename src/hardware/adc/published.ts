import { z } from 'zod';
import { choice, quantity } from '../../base/quantity.ts';
import { converterAreaRatio, converterEnergyRatio } from '../technology/converter-scaling.ts';
import type { AdcBehaviour, AdcFigures, AdcModel } from './adc.ts';
import { noiseKeys } from './conversion-keys.ts';
import { costOverrides, overridden } from './cost-keys.ts';

interface Design {
  readonly bits: number;
  /** pJ of a conversion, µm², at so many nm. */
  readonly energy: number;
  readonly area: number;
  readonly node: number;
}

/** Converters of published accelerators, as tabled in CiMLoop's component library. */
const DESIGNS = {
  /** Yuan et al., ISCA 2021: 4 bits at 2.1 GS/s. */
  forms: { bits: 4, energy: 0.2262, area: 284, node: 32 },
  /** Nag et al., IEEE Micro 38(5) 2018: 9 bits at 1.2 GS/s. */
  newton: { bits: 9, energy: 2.583, area: 1500, node: 32 },
  /** Li et al., ISCA 2020: a time-to-digital converter of 8 bits. */
  timely: { bits: 8, energy: 0.145, area: 310, node: 65 },
} as const satisfies Readonly<Record<string, Design>>;

const names = Object.keys(DESIGNS) as (keyof typeof DESIGNS)[];
const values = {
  type: z.literal('published'),
  design: choice(['forms', 'newton', 'timely']).describe(
    names.map((name) => `${name}: ${DESIGNS[name].bits} bits, ${DESIGNS[name].node} nm`).join('; '),
  ),
  ...noiseKeys,
};
const conversion = z.strictObject(values);
const schema = z.strictObject({
  ...values,
  sampleRate: quantity('samples/s', { min: 1e3, max: 1e12 }).describe(
    'conversions per second of one converter',
  ),
  ...costOverrides,
});

/** A converter of a published accelerator, of the resolution that it has; other nodes by the exponents of converters. */
export const publishedAdc: AdcModel = {
  name: 'published',
  summary:
    'converters of FORMS (4 bits), Newton (9) and TIMELY (8, time to digital); other nodes as converters',
  schema,
  conversion,
  behaviour({ design, noise }: z.output<typeof conversion>): AdcBehaviour {
    return { levels: 2 ** DESIGNS[design].bits, grid: 'endpoints', noise };
  },
  figures(parameters: z.output<typeof schema>, technology: number): AdcFigures {
    const { bits, energy, area, node } = DESIGNS[parameters.design];
    const figures = {
      bits,
      levels: 2 ** bits,
      conversionTime: 1 / parameters.sampleRate,
      conversionEnergy: energy * 1e-12 * converterEnergyRatio(node * 1e-9, technology),
      area: area * 1e-12 * converterAreaRatio(node * 1e-9, technology),
      leakage: 0,
    };
    return overridden(figures, parameters);
  },
};
