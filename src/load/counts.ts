import { z } from 'zod';
import { choice, integer, quantity, real, text } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

const schema = z.strictObject({
  type: z.literal('counts'),
  file: text().describe(
    'CSV with the header count and the queries of an interval in each line; paths are relative to this file',
  ),
  interval: quantity('s', { above: 0, max: 1e6, example: '60 s' })
    .default(60)
    .describe('of time that a line stands for'),
  spread: choice(['random', 'even'])
    .default('random')
    .describe('of the queries over their interval; random: independent, as in a Poisson process'),
  scale: real({ above: 0, max: 1e9 })
    .default(1)
    .describe('of the counts: 2 plays twice the queries of every interval; fractions go to the next one'),
  repeat: integer({ min: 1, max: 1e6 })
    .default(1)
    .describe('times that the counts are played, one after the other'),
});
/** With the queries of each interval that the reader of the file adds, in shared memory. */
type Parameters = z.output<typeof schema> & { readonly rows?: Float64Array };

/** As many queries in each interval as a record counted there, such as those of cloud functions by the minute. */
export const counts: LoadModel = {
  name: 'counts',
  summary: 'as many queries in each interval, such as a minute, as a CSV file counted',
  schema,
  open({ rows, interval, spread, scale, repeat }: Parameters, random: RandomStream) {
    if (rows === undefined) throw new Error('the counts were not read');
    const arrival = { time: 0 };
    const last = rows.length * repeat;
    let number = -1;
    // Queries until the end of the interval, as recorded, and of them those that came.
    let recorded = 0;
    let before = 0;
    let count = 0;
    let left = 0;
    // Share of the interval that is still to come.
    let rest = 1;
    return {
      kind: 'open',
      next() {
        while (left === 0) {
          number += 1;
          if (number >= last) return undefined;
          recorded += rows[number % rows.length]!;
          const until = Math.round(scale * recorded);
          count = until - before;
          before = until;
          left = count;
          rest = 1;
        }
        // The first of the independent times that are left: P(rest of the rest > x) is 1 − x^left.
        if (spread === 'random') rest *= Math.exp(-random.exponential() / left);
        else rest = (left - 0.5) / count;
        left -= 1;
        // Rounding where an interval ends must not lead back.
        arrival.time = Math.max(arrival.time, interval * (number + 1 - rest));
        return arrival;
      },
    };
  },
  meanRate({ rows, interval, scale, repeat }: Parameters, seconds) {
    if (rows === undefined) return undefined;
    const intervals = Math.min(rows.length * repeat, seconds / interval);
    let recorded = 0;
    let queries = 0;
    for (let number = 0; number < intervals; number++) {
      const before = Math.round(scale * recorded);
      recorded += rows[number % rows.length]!;
      queries += (Math.round(scale * recorded) - before) * Math.min(1, intervals - number);
    }
    return queries / seconds;
  },
  scaled: (written: Parameters, factor) => ({ ...written, scale: factor * written.scale }),
};
