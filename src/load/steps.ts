import { z } from 'zod';
import { choice, quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

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
    if (rates.every(({ rate }) => rate === 0)) {
      const params = { cure: 'give one a rate above 0' };
      context.addIssue({ code: 'custom', path: ['rates'], message: 'no query ever comes', params });
    }
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

/**
 * Independent queries whose rate follows given points: steps, ramps, spikes. Each gap is as long as the integral of the rate
 * takes to grow by an exponential number of mean 1 (inversion; Cinlar, Introduction to Stochastic Processes, 1975).
 */
export const steps: LoadModel = {
  name: 'steps',
  summary: 'independent queries at rates that step, or ramp, from one to the next',
  schema,
  open({ rates, between }: Parameters, random: RandomStream) {
    const arrival = { time: 0 };
    const last = rates.length - 1;
    let index = 0;
    return {
      kind: 'open',
      next() {
        let work = random.exponential();
        for (; index < last; index++) {
          const { at, rate } = rates[index]!;
          const next = rates[index + 1]!;
          const slope = between === 'ramp' ? (next.rate - rate) / (next.at - at) : 0;
          const present = rate + slope * (arrival.time - at);
          const left = next.at - arrival.time;
          const most = left * (present + (slope * left) / 2);
          if (work < most) {
            // Of present · x + slope · x² / 2 = work the solution that does not cancel.
            const root = Math.sqrt(Math.max(0, present * present + 2 * slope * work));
            arrival.time = Math.min(next.at, arrival.time + (2 * work) / (present + root));
            return arrival;
          }
          work -= most;
          arrival.time = next.at;
        }
        const { rate } = rates[last]!;
        if (rate === 0) return undefined;
        arrival.time += work / rate;
        return arrival;
      },
    };
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
  scaled: ({ rates, ...written }: Parameters, factor) => ({
    ...written,
    rates: rates.map(({ at, rate }) => ({ at, rate: factor * rate })),
  }),
};
