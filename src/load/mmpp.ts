import { z } from 'zod';
import { quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const rate = () => quantity('1/s', { min: 0, max: 1e12, example: '200 kHz' });
const dwell = () => quantity('s', { above: 0, max: 1e6 });

/** Most changes of state for each query: more cost time and no longer differ from a Poisson process. */
const MOST_CHANGES = 1000;

const schema = z
  .strictObject({
    type: z.literal('mmpp'),
    low: rate().describe('queries per second in the quiet state'),
    high: rate().describe('queries per second in the busy state'),
    lowDwell: dwell().describe('mean time in the quiet state'),
    highDwell: dwell().describe('mean time in the busy state'),
  })
  .superRefine(({ low, high, lowDwell, highDwell }, context) => {
    const queries = low * lowDwell + high * highDwell;
    if (2 <= MOST_CHANGES * queries) return;
    context.addIssue({
      code: 'custom',
      path: [high === 0 ? 'high' : 'highDwell'],
      message:
        queries === 0 ? 'no query comes in either state' : 'the state changes far faster than queries come',
      params: {
        cure: queries === 0 ? 'give one a rate above 0' : 'lengthen the dwells, or write type: poisson',
      },
    });
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
        }
      },
    };
  },
  meanRate: ({ low, high, lowDwell, highDwell }: Parameters) =>
    (low * lowDwell + high * highDwell) / (lowDwell + highDwell),
  /** Both rates grow, the times in the states stay. */
  scaled: (written: Parameters, factor) => ({
    ...written,
    low: factor * written.low,
    high: factor * written.high,
  }),
};
