import { z } from 'zod';
import { quantity, real } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

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

/** Independent queries with spikes at regular times; each gap by inversion, as in `steps`. */
export const spikes: LoadModel = {
  name: 'spikes',
  summary: 'independent queries with a multiple of the rate at regular times',
  schema,
  open({ rate, factor, every, width }: Parameters, random: RandomStream) {
    const arrival = { time: 0 };
    const ofSpike = factor * rate * width;
    const ofPeriod = ofSpike + rate * (every - width);
    // Queries expected since the last spike began; before the first one, since the start and a spike that was not.
    let work = ofSpike - rate * width;
    let begun = 0;
    return {
      kind: 'open',
      next() {
        work += random.exponential();
        if (work >= ofPeriod) {
          // All at once, however many periods pass without a query.
          const periods = Math.floor(work / ofPeriod);
          begun += periods;
          work = Math.max(0, work - periods * ofPeriod);
        }
        const since = begun > 0 && work < ofSpike ? work / (factor * rate) : width + (work - ofSpike) / rate;
        // Rounding where a period ends must not lead back.
        arrival.time = Math.max(arrival.time, begun * every + since);
        return arrival;
      },
    };
  },
  meanRate({ rate, factor, every, width }: Parameters, seconds) {
    const whole = Math.max(0, Math.floor(seconds / every) - 1);
    const last = seconds < every ? 0 : Math.min(width, seconds % every);
    return rate * (1 + ((factor - 1) * (whole * width + last)) / seconds);
  },
  /** Spikes are a multiple of the rate and grow with it. */
  scaled: (written: Parameters, factor) => ({ ...written, rate: factor * written.rate }),
};
