import { z } from 'zod';

/** µs; fractional, down to 1e-6 (a tick of 1 ps). */
const microseconds = z.number().min(0);
const track = { pid: z.int().min(1), tid: z.int().min(1) };

const sliceSchema = z
  .strictObject({
    ph: z.literal('X'),
    name: z.string().min(1).describe('the layer; of queries and layers: the inference'),
    cat: z.string().min(1),
    ts: microseconds,
    dur: microseconds,
    ...track,
    args: z.strictObject({
      layer: z.string().optional(),
      inference: z.int().min(0),
      energy_pJ: z.number().min(0),
      duration_ps: z.int().optional().describe('where dur had to give way to the rounding of viewers'),
      count: z.record(z.string(), z.number()).optional().describe('by component and action'),
    }),
  })
  .describe('an activity: slices of one track (pid, tid) never overlap');

const counterSchema = z
  .strictObject({
    ph: z.literal('C'),
    name: z.string().min(1),
    ts: microseconds,
    pid: z.int().min(1),
    args: z.record(z.string(), z.number().min(0)),
  })
  .describe('values from ts to the next event of the same name');

const flow = { name: z.string(), cat: z.string(), id: z.int().min(1), ts: microseconds, ...track };

const metadataSchema = z.strictObject({
  ph: z.literal('M'),
  name: z.enum(['process_name', 'process_sort_index', 'thread_name', 'thread_sort_index']),
  pid: z.int().min(1),
  tid: z.int().min(1).optional(),
  args: z.union([z.strictObject({ name: z.string() }), z.strictObject({ sort_index: z.int() })]),
});

/**
 * A trace in the Trace Event Format (object form) that Perfetto and chrome://tracing open: complete events (X), counters
 * (C), flows (s, f) and names of tracks (M). What the writer left out stands in `otherData`.
 */
export const traceSchema = z.strictObject({
  displayTimeUnit: z.literal('ns'),
  traceEvents: z.array(
    z.discriminatedUnion('ph', [
      sliceSchema,
      counterSchema,
      metadataSchema,
      z.strictObject({ ph: z.literal('s'), ...flow }).describe('a flow leaves the slice around ts'),
      z
        .strictObject({ ph: z.literal('f'), bp: z.literal('e'), ...flow })
        .describe('a flow reaches the slice around ts'),
    ]),
  ),
  otherData: z.strictObject({
    kirchhoff: z.string(),
    architecture: z.string(),
    workload: z.string(),
    schedule: z.string(),
    inferences: z.int(),
    window: z.strictObject({ from: z.number(), to: z.number().nullable() }).describe('s; null: to the end'),
    counterWindow: z.number().describe('s over which powers are means and queue depths maxima'),
    events: z.int().describe('in traceEvents'),
    limit: z.int(),
    leftOut: z.strictObject({
      outsideWindow: z.int().describe('slices that the window asked for leaves out'),
      beyondLimit: z.int().describe('slices for which there was no room'),
      from: z.number().nullable().describe('s: slices are missing from here on'),
    }),
  }),
});

export type Trace = z.output<typeof traceSchema>;
export type TraceEvent = Trace['traceEvents'][number];
