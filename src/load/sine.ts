import { z } from 'zod';
import { quantity, real } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('sine'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe('mean queries per second'),
  amplitude: real({ min: 0, max: 1 }).default(0.5).describe('of the swing, as a share of the rate'),
  period: quantity('s', { above: 0, max: 1e6 }).describe('of the swing'),
});
type Parameters = z.output<typeof schema>;

/**
 * Independent queries whose rate swings: rate (1 + amplitude sin(2πt / period)), as days and nights do. Of the points of a
 * Poisson process at the highest rate each stays with the probability that its time asks for (thinning; Lewis and Shedler, Naval
 * Research Logistics 26, 1979).
 */
export const sine: LoadModel = {
  name: 'sine',
  summary: 'independent queries at a rate that swings',
  schema,
  open({ rate, amplitude, period }: Parameters, random: RandomStream) {
    const arrival = { time: 0 };
    const most = rate * (1 + amplitude);
    const least = rate * (1 - amplitude);
    const omega = (2 * Math.PI) / period;
    return {
      kind: 'open',
      next() {
        for (;;) {
          arrival.time += random.exponential() / most;
          const drawn = random.uniform() * most;
          // Below the lowest rate the sine needs no look.
          if (drawn < least || drawn < rate * (1 + amplitude * Math.sin(omega * arrival.time)))
            return arrival;
        }
      },
    };
  },
  meanRate({ rate, amplitude, period }: Parameters, seconds) {
    const phase = (2 * Math.PI * seconds) / period;
    return rate * (1 + (amplitude * (1 - Math.cos(phase))) / phase);
  },
  /** The swing is a share of the rate and grows with it. */
  scaled: (written: Parameters, factor) => ({ ...written, rate: factor * written.rate }),
};
