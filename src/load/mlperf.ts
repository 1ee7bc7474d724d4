import { z } from 'zod';
import { integer, quantity } from '../base/quantity.ts';
import type { RandomStream } from '../base/random-stream.ts';
import type { LoadModel } from './load.ts';

/**
 * The scenarios of MLPerf Inference (Reddi et al., ISCA 2020; LoadGen): how queries come, which figure counts, and how many
 * queries a run has at least. The least duration that LoadGen asks beside it is told and not applied: it is there for clocks and
 * caches that vary, and simulated time does not.
 */
export interface MlperfRule {
  readonly load: string;
  readonly metric: string;
  readonly unit: 's' | '1/s';
  /** Percentile of the latency that counts; none of Offline. */
  readonly percentile: number | undefined;
  /** Queries of a run at least; samples of Offline, whose only query has them all. */
  readonly queries: number;
}

/** s that LoadGen asks a run of any scenario to last at least. */
export const LEAST_SECONDS = 600;

/** Share of the accuracy of its reference that the closed division of MLPerf asks. */
export const CLOSED_ACCURACY = 0.99;

/** Quantile of the standard normal distribution for 99 % confidence, two-sided. */
const CONFIDENCE = 2.5758293;

/**
 * Queries that a percentile p of the latency needs to be known to a twentieth of 1 − p with 99 % confidence: z² p (1 − p) / m²
 * with m = (1 − p) / 20, to the nearest one as published, and rounded up to a multiple of 2^13.
 */
export function queriesNeeded(percentile: number): { readonly least: number; readonly rounded: number } {
  const margin = (1 - percentile) / 20;
  const least = Math.round((CONFIDENCE ** 2 * percentile * (1 - percentile)) / margin ** 2);
  return { least, rounded: Math.ceil(least / 8192) * 8192 };
}

export const mlperfRules: readonly MlperfRule[] = [
  {
    load: 'single-stream',
    metric: '90th percentile of the latency',
    unit: 's',
    percentile: 0.9,
    queries: 1024,
  },
  {
    load: 'multi-stream',
    metric: '99th percentile of the latency of all samples of a query',
    unit: 's',
    percentile: 0.99,
    queries: 662,
  },
  {
    load: 'server',
    metric: 'queries per second, 99 % of them in time',
    unit: '1/s',
    percentile: 0.99,
    queries: 270_336,
  },
  {
    load: 'offline',
    metric: 'samples per second',
    unit: '1/s',
    percentile: undefined,
    queries: 24_576,
  },
];

const singleSchema = z.strictObject({ type: z.literal('single-stream') });

/** MLPerf SingleStream: the next query when the last is answered. */
export const singleStream: LoadModel = {
  name: 'single-stream',
  summary: 'MLPerf: one query after the other; 90th percentile of the latency',
  schema: singleSchema,
  open: () => ({ kind: 'closed', clients: 1, think: () => 0 }),
};

const multiSchema = z.strictObject({
  type: z.literal('multi-stream'),
  samples: integer({ min: 1, max: 65536 }).default(8).describe('of a query'),
});

/** MLPerf MultiStream: a query of eight samples after the other, answered when its last sample is. */
export const multiStream: LoadModel = {
  name: 'multi-stream',
  summary: 'MLPerf: one query of eight samples after the other; 99th percentile of the latency',
  schema: multiSchema,
  open: ({ samples }: z.output<typeof multiSchema>) => ({
    ...{ kind: 'closed', clients: 1, together: samples },
    think: () => 0,
  }),
  atOnce: ({ samples }: z.output<typeof multiSchema>) => samples,
};

const serverSchema = z.strictObject({
  type: z.literal('server'),
  rate: quantity('1/s', { above: 0, max: 1e12, example: '200 kHz' }).describe(
    'where the search for the highest begins',
  ),
});

/** MLPerf Server: Poisson at the highest rate at which 99 % of the queries meet the deadline, which each run searches. */
export const server: LoadModel = {
  name: 'server',
  summary: 'MLPerf: Poisson; the highest rate whose 99th percentile of the latency meets the deadline',
  schema: serverSchema,
  open({ rate }: z.output<typeof serverSchema>, random: RandomStream) {
    const arrival = { time: 0 };
    return {
      kind: 'open',
      next() {
        arrival.time += random.exponential() / rate;
        return arrival;
      },
    };
  },
  meanRate: ({ rate }: z.output<typeof serverSchema>) => rate,
  /** Its queries at a multiple of the rate written; nothing is searched. */
  scaled: ({ rate }: z.output<typeof serverSchema>, factor) => ({ type: 'poisson', rate: factor * rate }),
};

const offlineSchema = z.strictObject({
  type: z.literal('offline'),
  samples: integer({ min: 1, max: 1e8 }).default(24_576).describe('that come at the start'),
});

/** MLPerf Offline: all samples at once; what counts is their number per second. */
export const offline: LoadModel = {
  name: 'offline',
  summary: 'MLPerf: all samples at once; samples per second',
  schema: offlineSchema,
  open({ samples }: z.output<typeof offlineSchema>) {
    const arrival = { time: 0 };
    let left = samples;
    return { kind: 'open', next: () => (left-- > 0 ? arrival : undefined) };
  },
  atOnce: ({ samples }: z.output<typeof offlineSchema>) => samples,
};
