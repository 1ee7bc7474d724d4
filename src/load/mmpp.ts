import { z } from 'zod';
import { quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const rate = () => quantity('1/s', { min: 0, max: 1e12, example: '200 kHz' });
const dwell = () => quantity('s', { above: 0, max: 1e6 });

const schema = z.strictObject({
  type: z.literal('mmpp'),
  low: rate().describe('queries per second in the quiet state'),
  high: rate().describe('queries per second in the busy state'),
  lowDwell: dwell().describe('mean time in the quiet state'),
  highDwell: dwell().describe('mean time in the busy state'),
});
type Parameters = z.output<typeof schema>;

/**
 * A Poisson process whose rate switches between two values after exponential times (MMPP-2), begun in equilibrium. With
 * switching rates s1 = 1 / lowDwell and s2 = 1 / highDwell and s = s1 + s2 the mean is m = (s2 low + s1 high) / s and the
 * variance-to-mean ratio of counts over t is 1 + A (1 − (1 − e^−st) / (st)) with A = 2 s1 s2 (low − high)² / (s³ m)
 * (Fischer and Meier-Hellstern, Performance Evaluation 18, 1993).
 */
export const mmpp: LoadModel = {
  name: 'mmpp',
  summary: 'Poisson with a rate that switches between quiet and busy (MMPP-2)',
  schema,
  open({ low, high, lowDwell, highDwell }: Parameters, random: RandomStream) {
    const arrival = { time: 0 };
    let busy = random.uniform() < highDwell / (lowDwell + highDwell);
    let until = random.exponential() * (busy ? highDwell : lowDwell);
    return {
      kind: 'open',
      next() {
        let work = random.exponential();
        for (;;) {
          const present = busy ? high : low;
          // What the state brings until it ends: the exponential has no memory, so the rest is used up in the next.
          const left = (until - arrival.time) * present;
          if (work <= left) {
            arrival.time += work / present;
            return arrival;
          }
          work -= left;
          arrival.time = until;
          busy = !busy;
          until += random.exponential() * (busy ? highDwell : lowDwell);
          if (low === 0 && high === 0) return undefined;
        }
      },
    };
  },
  meanRate: ({ low, high, lowDwell, highDwell }: Parameters) =>
    (low * lowDwell + high * highDwell) / (lowDwell + highDwell),
};
