import { z } from 'zod';
import { quantity, real } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';
import { thinned } from './varying-rate.ts';

const schema = z
  .strictObject({
    type: z.literal('spikes'),
    rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe(
      'queries per second between spikes',
    ),
    factor: real({ min: 1, max: 1e6 }).default(3).describe('of the rate in a spike'),
    every: quantity('s', { above: 0, max: 1e6 }).describe(
      'from the start of a spike to the next; the first one comes after it',
    ),
    width: quantity('s', { above: 0, max: 1e6 }).describe('of a spike'),
  })
  .superRefine(({ every, width }, context) => {
    if (width < every) return;
    const cure = 'make it shorter than every';
    context.addIssue({
      code: 'custom',
      path: ['width'],
      message: 'spikes run into each other',
      params: { cure },
    });
  });
type Parameters = z.output<typeof schema>;

/** Independent queries with spikes at regular times. */
export const spikes: LoadModel = {
  name: 'spikes',
  summary: 'independent queries with a multiple of the rate at regular times',
  schema,
  open({ rate, factor, every, width }: Parameters, random) {
    const at = (time: number) => (time >= every && time % every < width ? factor * rate : rate);
    return thinned({ most: factor * rate, at, end: Number.POSITIVE_INFINITY }, random);
  },
  meanRate({ rate, factor, every, width }: Parameters, seconds) {
    const whole = Math.max(0, Math.floor(seconds / every) - 1);
    const last = seconds < every ? 0 : Math.min(width, seconds % every);
    return rate * (1 + ((factor - 1) * (whole * width + last)) / seconds);
  },
};
