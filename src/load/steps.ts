import { z } from 'zod';
import { choice, quantity } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';
import { thinned } from './varying-rate.ts';

const point = z.strictObject({
  at: quantity('s', { min: 0, max: 1e6 }).describe('from the start'),
  rate: quantity('1/s', { min: 0, max: 1e12, example: '200 kHz' }),
});

const schema = z
  .strictObject({
    type: z.literal('steps'),
    rates: z
      .array(point)
      .min(1)
      .max(10_000)
      .describe('queries per second from each time on, in order of time, the first at 0'),
    between: choice(['step', 'ramp'])
      .default('step')
      .describe('step: a rate holds until the next; ramp: it changes evenly to the next'),
  })
  .superRefine(({ rates }, context) => {
    rates.forEach(({ at }, index) => {
      const before = index === 0 ? undefined : rates[index - 1]!.at;
      const wrong = before === undefined ? at !== 0 : at <= before;
      if (!wrong) return;
      context.addIssue({
        code: 'custom',
        path: ['rates', index, 'at'],
        message: before === undefined ? 'the first rate does not begin at 0' : 'is not after the one before',
        params: { cure: before === undefined ? 'write at: 0 s' : 'sort rates by time' },
      });
    });
  });
type Parameters = z.output<typeof schema>;

/** Independent queries whose rate follows given points: steps, ramps, spikes. */
export const steps: LoadModel = {
  name: 'steps',
  summary: 'independent queries at rates that step, or ramp, from one to the next',
  schema,
  open({ rates, between }: Parameters, random) {
    let index = 0;
    const at = (time: number) => {
      // Times only grow.
      while (index + 1 < rates.length && rates[index + 1]!.at <= time) index += 1;
      const { rate, at: from } = rates[index]!;
      const next = rates[index + 1];
      if (between === 'step' || next === undefined) return rate;
      return rate + ((next.rate - rate) * (time - from)) / (next.at - from);
    };
    const most = Math.max(...rates.map(({ rate }) => rate));
    const end = rates.at(-1)!.rate === 0 ? rates.at(-1)!.at : Number.POSITIVE_INFINITY;
    return thinned({ most, at, end }, random);
  },
  meanRate({ rates, between }: Parameters, seconds) {
    let queries = 0;
    rates.forEach(({ at, rate }, index) => {
      const next = rates[index + 1];
      const until = Math.min(seconds, next?.at ?? seconds);
      if (until <= at) return;
      const slope = between === 'ramp' && next !== undefined ? (next.rate - rate) / (next.at - at) : 0;
      queries += (until - at) * (rate + (slope * (until - at)) / 2);
    });
    return queries / seconds;
  },
};
