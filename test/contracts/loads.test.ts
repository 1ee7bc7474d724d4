import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadUnits } from '../../src/base/quantity.ts';
import { RandomStream } from '../../src/base/random-stream.ts';
import { loadModels } from '../../src/load/index.ts';
import type { Load, LoadModel } from '../../src/load/load.ts';

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

/** A load with a multiple of its rate: its law and its parameters. */
function scaled(type: string, factor: number): readonly [LoadModel, never] {
  const parameters = loadModels.get(type).scaled!(parsed(type), factor);
  return [loadModels.get(parameters.type), parameters as never];
}

/** Queries that come before a time, one number a run. */
function counted(model: LoadModel, parameters: never, seconds: number, runs: number): readonly number[] {
  return Array.from({ length: runs }, (_, seed) => {
    const load = model.open(parameters, new RandomStream(seed, 9));
    if (load.kind === 'closed') throw new Error('a closed load has no rate of its own');
    let count = 0;
    for (let next = load.next(); next !== undefined && next.time < seconds; next = load.next()) count += 1;
    return count;
  });
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

  // As written, with fewer and with more queries.
  const factors = [undefined, 0.7, 2.5];
  test.each(open.flatMap((type) => factors.map((factor) => [type, factor] as const)))(
    '%s, scaled by %s: the mean rate by formula is that of counting',
    (type, factor) => {
      const [model, parameters] =
        factor === undefined ? [loadModels.get(type), parsed(type)] : scaled(type, factor);
      // Neither a whole number of periods nor of intervals.
      const seconds = 17.3;
      const runs = 400;
      const counts = counted(model, parameters, seconds, runs);
      const mean = counts.reduce((sum, count) => sum + count, 0) / runs;
      const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (runs - 1);
      // A run begins with a whole gap, so that renewals bring (c² − 1) / 2 more than rate · t (Cox, Renewal Theory, 1962).
      const begin = type === 'gamma' ? (2 ** 2 - 1) / 2 : 0;
      const written = loadModels.get(type).meanRate!(parsed(type), seconds)! * seconds;
      const truth = (factor ?? 1) * written + begin;
      // 99.9 % of the mean of 400 runs; equal gaps are counted to the last whole one, scaled counts to the nearest.
      const whole = type === 'uniform' ? 1 : type === 'counts' && factor !== undefined ? 0.5 : 1e-9;
      const width = 3.3 * Math.sqrt(variance / runs) + whole;
      expect(truth).toBeGreaterThan(10);
      expect(Math.abs(mean - truth), `${mean} counted, ${truth} by formula`).toBeLessThanOrEqual(width);
    },
  );

  test.each(open)('%s: scaled, its rate is that multiple at every time', (type) => {
    for (const factor of [0.3, 1, 4.7]) {
      const [model, parameters] = scaled(type, factor);
      for (const seconds of [0.4, 1, 2.9, 6, 11.5, 100]) {
        const expected = factor * loadModels.get(type).meanRate!(parsed(type), seconds)! * seconds;
        const found = model.meanRate!(parameters, seconds)! * seconds;
        const whole = type === 'counts' ? 0.5 : 0;
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * expected + whole);
      }
    }
  });

  test('trace: scaled, its rows come in that part of the time', () => {
    const times = (model: LoadModel, parameters: never) => {
      const load = model.open(parameters, new RandomStream(1, 7));
      if (load.kind === 'closed') throw new Error('closed');
      return Array.from({ length: 4 }, () => ({ ...load.next()! }));
    };
    const written = times(loadModels.get('trace'), parsed('trace', { scale: 3 }));
    const parameters = loadModels.get('trace').scaled!(parsed('trace', { scale: 3 }), 2.5);
    times(loadModels.get('trace'), parameters as never).forEach((row, at) => {
      expect(row.time).toBeCloseTo(written[at]!.time / 2.5, 12);
      expect({ ...row, time: 0 }).toEqual({ ...written[at]!, time: 0 });
    });
  });

  test('what has a rate can be scaled, what waits for answers or comes at once cannot', () => {
    const without = names.filter((type) => loadModels.get(type).scaled === undefined);
    expect(without).toEqual(names.filter((type) => !open.includes(type) && type !== 'trace'));
    expect(without).toEqual(['closed', 'single-stream', 'multi-stream', 'offline']);
  });
});
