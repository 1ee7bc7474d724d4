import { z } from 'zod';
import { quantity, real } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('gamma'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe('mean queries per second'),
  variation: real({ min: 0.01, max: 100 })
    .default(2)
    .describe('coefficient of variation of the gaps: 1 as Poisson, more is burstier, less more regular'),
});

/** Independent gaps with a gamma distribution: shape 1 / variation², so that rate and variation are as given. */
export const gamma: LoadModel = {
  name: 'gamma',
  summary: 'independent gaps of a given coefficient of variation',
  schema,
  open({ rate, variation }: z.output<typeof schema>, random: RandomStream) {
    const shape = 1 / variation ** 2;
    const scale = 1 / (shape * rate);
    const arrival = { time: 0 };
    return {
      kind: 'open',
      next() {
        arrival.time += scale * random.gamma(shape);
        return arrival;
      },
    };
  },
  meanRate: ({ rate }: z.output<typeof schema>) => rate,
  scaled: (written: z.output<typeof schema>, factor) => ({ ...written, rate: factor * written.rate }),
};
