import { z } from 'zod';
import { choice, integer, real, text } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';

/** Rows of a trace, in order of time. Arrays of one length; plain data in shared memory. */
export interface TraceRows {
  /** s from the first row. */
  readonly time: Float64Array;
  /** Number in `names`; −1 where the trace names none. */
  readonly model: Int16Array;
  readonly names: readonly string[];
  /** s after arrival; NaN where the trace gives none. */
  readonly deadline: Float32Array;
  /** Least accuracy, 0 to 1; NaN where the trace gives none. */
  readonly quality: Float32Array;
}

const schema = z.strictObject({
  type: z.literal('trace'),
  file: text().describe(
    'CSV with a header: arrival, and optionally model, deadline and quality; paths are relative to this file',
  ),
  unit: choice(['s', 'ms', 'us', 'ns']).default('s').describe('of arrival and deadline'),
  scale: real({ above: 0, max: 1e9 }).default(1).describe('of the rate: 2 plays the trace in half the time'),
  repeat: integer({ min: 1, max: 1e6 })
    .default(1)
    .describe('times that the trace is played, one after the other'),
});
/** With the rows that the reader of the file adds. */
type Parameters = z.output<typeof schema> & { readonly rows?: TraceRows };

/** Queries as a trace recorded them. */
export const trace: LoadModel = {
  name: 'trace',
  summary: 'queries as a CSV file recorded them',
  schema,
  open({ rows, scale, repeat }: Parameters) {
    if (rows === undefined) throw new Error('the trace was not read');
    const { time, model, names, deadline, quality } = rows;
    const count = time.length;
    // The next round begins one mean gap after the last query.
    const round = count > 1 ? (time[count - 1]! * count) / (count - 1) : 1;
    const arrival: { time: number; model?: string; deadline?: number; quality?: number } = { time: 0 };
    let next = 0;
    return {
      kind: 'open',
      next() {
        if (next === count * repeat) return undefined;
        const row = next % count;
        arrival.time = (Math.floor(next / count) * round + time[row]!) / scale;
        delete arrival.model;
        delete arrival.deadline;
        delete arrival.quality;
        if (model[row]! >= 0) arrival.model = names[model[row]!]!;
        if (!Number.isNaN(deadline[row]!)) arrival.deadline = deadline[row]!;
        if (!Number.isNaN(quality[row]!)) arrival.quality = quality[row]!;
        next += 1;
        return arrival;
      },
    };
  },
};
