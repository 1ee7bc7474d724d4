import { z } from 'zod';
import { choice, integer, real, text } from '../base/quantity.ts';
import type { LoadModel } from './load.ts';

/** Rows of a trace, in order of time. Arrays of one length, in shared memory; undefined where the file has no such column. */
export interface TraceRows {
  /** s from the first row. */
  readonly time: Float64Array;
  /** Number in `names`; −1 where the row names none. */
  readonly model: Int16Array | undefined;
  readonly names: readonly string[];
  /** s after arrival; NaN where the row gives none. */
  readonly deadline: Float64Array | undefined;
  /** Least accuracy, 0 to 1; NaN where the row gives none. */
  readonly quality: Float64Array | undefined;
}

const schema = z.strictObject({
  type: z.literal('trace'),
  file: text().describe(
    'CSV with a header: arrival, and optionally model, deadline and quality; paths are relative to this file',
  ),
  unit: choice(['s', 'ms', 'us', 'ns'])
    .default('s')
    .describe('of arrival and deadline, where the header does not say it as in arrival_ms'),
  scale: real({ above: 0, max: 1e9 })
    .default(1)
    .describe('of the rate: 2 plays the trace in half the time; deadlines stay'),
  repeat: integer({ min: 1, max: 1e6 })
    .default(1)
    .describe(
      'times that the trace is played, each one mean gap after the last query of the one before; not of queries that all come at one time',
    ),
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
    const round = count > 1 ? (time[count - 1]! * count) / (count - 1) : 0;
    if (repeat > 1 && round === 0) throw new Error('a trace that lasts no time cannot be repeated');
    const arrival: {
      time: number;
      model: string | undefined;
      deadline: number | undefined;
      quality: number | undefined;
    } = { time: 0, model: undefined, deadline: undefined, quality: undefined };
    let rounds = 0;
    let row = 0;
    return {
      kind: 'open',
      next() {
        if (row === count) {
          row = 0;
          rounds += 1;
        }
        if (rounds === repeat) return undefined;
        arrival.time = (rounds * round + time[row]!) / scale;
        if (model !== undefined) arrival.model = model[row]! < 0 ? undefined : names[model[row]!];
        if (deadline !== undefined) arrival.deadline = given(deadline[row]!);
        if (quality !== undefined) arrival.quality = given(quality[row]!);
        row += 1;
        return arrival;
      },
    };
  },
  /** All gaps shrink alike, so that the trace is over earlier. */
  scaled: (written: Parameters, factor) => ({ ...written, scale: factor * written.scale }),
};

function given(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
