import { z } from 'zod';
import { quantity } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('uniform'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe('queries per second'),
});

/** A query after every 1 / rate: number n comes at n / rate, so that gaps do not add up rounding. */
export const uniform: LoadModel = {
  name: 'uniform',
  summary: 'equal gaps',
  schema,
  open({ rate }: z.output<typeof schema>) {
    const arrival = { time: 0 };
    let number = 0;
    return {
      kind: 'open',
      next() {
        arrival.time = ++number / rate;
        return arrival;
      },
    };
  },
  meanRate: ({ rate }: z.output<typeof schema>) => rate,
  scaled: (written: z.output<typeof schema>, factor) => ({ ...written, rate: factor * written.rate }),
};
