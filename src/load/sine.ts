import { z } from 'zod';
import { quantity, real } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';
import { thinned } from './varying-rate.ts';

const schema = z.strictObject({
  type: z.literal('sine'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe('mean queries per second'),
  amplitude: real({ min: 0, max: 1 }).default(0.5).describe('of the swing, as a share of the rate'),
  period: quantity('s', { above: 0, max: 1e6 }),
});
type Parameters = z.output<typeof schema>;

/** Independent queries whose rate swings: rate (1 + amplitude sin(2πt / period)), as days and nights do. */
export const sine: LoadModel = {
  name: 'sine',
  summary: 'independent queries at a rate that swings',
  schema,
  open({ rate, amplitude, period }: Parameters, random) {
    const at = (time: number) => rate * (1 + amplitude * Math.sin((2 * Math.PI * time) / period));
    return thinned({ most: rate * (1 + amplitude), at, end: Number.POSITIVE_INFINITY }, random);
  },
  meanRate({ rate, amplitude, period }: Parameters, seconds) {
    const phase = (2 * Math.PI * seconds) / period;
    return rate * (1 + (amplitude * (1 - Math.cos(phase))) / phase);
  },
};
