import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadUnits } from '../../src/base/quantity.ts';
import { RandomStream } from '../../src/base/random-stream.ts';
import { loadModels } from '../../src/load/index.ts';
import type { Load } from '../../src/load/load.ts';

beforeAll(loadUnits);

/** The keys that each law needs, and nothing more; a new law is a line here. */
const NEEDED: Readonly<Record<string, object>> = {
  poisson: { rate: '10 Hz' },
  gamma: { rate: '10 Hz' },
  uniform: { rate: '10 Hz' },
  'batch-poisson': { rate: '10 Hz' },
  mmpp: { low: '5 Hz', high: '50 Hz', lowDwell: '2 s', highDwell: '1 s' },
  sine: { rate: '10 Hz', period: '7 s' },
  steps: { rates: [{ at: 0, rate: '10 Hz' }] },
  spikes: { rate: '10 Hz', every: '5 s', width: '1 s' },
  closed: { clients: 3, think: '1 s' },
  trace: { file: 'trace.csv' },
  counts: { file: 'counts.csv', interval: '1 s' },
  'single-stream': {},
  'multi-stream': {},
  server: { rate: '10 Hz' },
  offline: {},
};

/** What the readers of files would have added. */
const ROWS: Readonly<Record<string, unknown>> = {
  trace: {
    time: Float64Array.of(0, 0.5, 0.5, 2),
    model: Int16Array.of(0, -1, 1, 0),
    names: ['a', 'b'],
    deadline: Float64Array.of(0.1, Number.NaN, 0.2, 0.1),
    quality: undefined,
  },
  counts: Float64Array.of(3, 0, 12, 1),
};

const { names } = loadModels;

function parsed(type: string, more: object = {}): never {
  const { schema } = loadModels.get(type);
  const parameters = schema.parse({ type, ...NEEDED[type], ...more }) as object;
  return { ...parameters, rows: ROWS[type] } as never;
}

function opened(type: string, seed = 1): Load {
  return loadModels.get(type).open(parsed(type), new RandomStream(seed, 7));
}

/** What a load does first: arrivals, or times to think. */
function first(type: string, seed: number, most = 2000): readonly number[] {
  const load = opened(type, seed);
  if (load.kind === 'closed') return Array.from({ length: most }, () => load.think());
  const times: number[] = [];
  for (let arrival = load.next(); arrival !== undefined && times.length < most; arrival = load.next())
    times.push(arrival.time);
  return times;
}

/** Laws in which nothing is left to chance. */
const CERTAIN = ['uniform', 'trace', 'offline', 'single-stream', 'multi-stream'];

describe('every load', () => {
  test.each(names)('%s: its keys are strict, described, and known to editors', (type) => {
    const { schema, summary } = loadModels.get(type);
    expect(summary.length).toBeGreaterThan(5);
    const written = { type, ...NEEDED[type] };
    expect(schema.safeParse({ ...written, colour: 'red' }).success).toBe(false);
    const known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    expect(known).toMatchObject({ type: 'object', additionalProperties: false });
    const { type: named, ...keys } = known.properties as Record<string, { description?: string }>;
    expect(named).toMatchObject({ const: type });
    for (const [key, { description }] of Object.entries(keys)) {
      expect(description, `${type}.${key} is not described`).toBeTypeOf('string');
      const without = Object.fromEntries(Object.entries(written).filter(([other]) => other !== key));
      expect(schema.safeParse(without).success, `without ${key}`).toBe(!known.required!.includes(key));
    }
  });

  test.each(names)('%s: times are finite, from 0 on, never before the one before', (type) => {
    const times = first(type, 3);
    expect(times.length).toBeGreaterThan(2);
    const closed = opened(type).kind === 'closed';
    times.forEach((time, at) => {
      expect(Number.isFinite(time)).toBe(true);
      expect(time).toBeGreaterThanOrEqual(closed || at === 0 ? 0 : times[at - 1]!);
    });
  });

  test.each(names)('%s: the seed alone decides, and does', (type) => {
    expect(first(type, 1)).toEqual(first(type, 1));
    if (CERTAIN.includes(type)) expect(first(type, 2)).toEqual(first(type, 1));
    else expect(first(type, 2)).not.toEqual(first(type, 1));
  });

  test.each(names)('%s: allocates no query anew, and stays at its end', (type) => {
    const load = opened(type);
    if (load.kind === 'closed') {
      expect(load.clients).toBeGreaterThan(0);
      return;
    }
    const one = load.next();
    expect(load.next()).toBe(one);
    let left = 30_000;
    while (left > 0 && load.next() !== undefined) left -= 1;
    if (left > 0) for (let again = 0; again < 3; again++) expect(load.next()).toBeUndefined();
  });

  const open = names.filter((type) => loadModels.get(type).meanRate !== undefined);

  test.each(open)('%s: the mean rate by formula is that of counting', (type) => {
    const model = loadModels.get(type);
    const parameters = parsed(type);
    // Neither a whole number of periods nor of intervals.
    const seconds = 17.3;
    const runs = 400;
    const counts = Array.from({ length: runs }, (_, seed) => {
      const load = model.open(parameters, new RandomStream(seed, 9));
      if (load.kind === 'closed') throw new Error('a closed load has no rate of its own');
      let count = 0;
      for (let next = load.next(); next !== undefined && next.time < seconds; next = load.next()) count += 1;
      return count;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / runs;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (runs - 1);
    // A run begins with a whole gap, so that renewals bring (c² − 1) / 2 more than rate · t (Cox, Renewal Theory, 1962).
    const begin = type === 'gamma' ? (2 ** 2 - 1) / 2 : 0;
    const truth = model.meanRate!(parameters, seconds)! * seconds + begin;
    // 99.9 % of the mean of 400 runs; equal gaps are counted to the last whole one.
    const width = 3.3 * Math.sqrt(variance / runs) + (type === 'uniform' ? 1 : 1e-9);
    expect(truth).toBeGreaterThan(10);
    expect(Math.abs(mean - truth), `${mean} counted, ${truth} by formula`).toBeLessThanOrEqual(width);
  });
});
