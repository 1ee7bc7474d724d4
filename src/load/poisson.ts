import { z } from 'zod';
import { quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('poisson'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe('mean queries per second'),
});

/** Independent queries: exponential gaps, variance-to-mean ratio of counts (IDC) 1. */
export const poisson: LoadModel = {
  name: 'poisson',
  summary: 'independent queries at a constant mean rate',
  schema,
  open({ rate }: z.output<typeof schema>, random: RandomStream) {
    const arrival = { time: 0 };
    return {
      kind: 'open',
      next() {
        arrival.time += random.exponential() / rate;
        return arrival;
      },
    };
  },
  meanRate: ({ rate }: z.output<typeof schema>) => rate,
  scaled: (written: z.output<typeof schema>, factor) => ({ ...written, rate: factor * written.rate }),
};
