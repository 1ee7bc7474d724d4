import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { loadModels } from '../../src/load/index.ts';
import type { OpenLoad } from '../../src/load/load.ts';
import { mlperfRules, queriesNeeded } from '../../src/load/mlperf.ts';

/** Plain numbers of a load with the units that a scenario gives them. */
function withUnits(parameters: object): object {
  const text = JSON.stringify(parameters)
    .replace(/"(rate|low|high)":([\d.e-]+)/g, '"$1":"$2 Hz"')
    .replace(/"(lowDwell|highDwell|period|every|width|at)":([\d.e-]+)/g, '"$1":"$2 s"');
  return JSON.parse(text) as object;
}

/** Arrivals of a load that is open. */
function opened(parameters: { readonly type: string; readonly [key: string]: unknown }, seed = 1): OpenLoad {
  const model = loadModels.get(parameters.type);
  const load = model.open(model.schema.parse(withUnits(parameters)) as never, new RandomStream(seed, 7));
  if (load.kind !== 'open') throw new Error('closed');
  return load;
}

/** Counts in consecutive stretches of time. */
function counts(load: OpenLoad, length: number, stretches: number): Float64Array {
  const found = new Float64Array(stretches);
  for (;;) {
    const arrival = load.next();
    if (arrival === undefined || arrival.time >= length * stretches) return found;
    const at = Math.floor(arrival.time / length);
    found[at] = found[at]! + 1;
  }
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Value and half width of its 99 % interval from batches: z 2.861 of Student's t with 19 degrees of freedom. */
function batched(values: Float64Array, of: (part: Float64Array) => number): readonly [number, number] {
  const size = Math.floor(values.length / 20);
  const parts = Array.from({ length: 20 }, (_, part) => of(values.subarray(part * size, (part + 1) * size)));
  const centre = mean(parts);
  const spread = Math.sqrt(parts.reduce((sum, one) => sum + (one - centre) ** 2, 0) / 19);
  return [centre, (2.861 * spread) / Math.sqrt(20)];
}

function expectInside([centre, half]: readonly [number, number], truth: number): void {
  expect(half).toBeLessThan(0.1 * truth);
  expect(Math.abs(centre - truth), `${centre} ± ${half} against ${truth}`).toBeLessThan(half);
}

// The mean of all stretches is known: batches then estimate the second moment about it without bias.
const dispersion = (truth: number) => (part: Float64Array) =>
  mean(part.map((one) => (one - truth) ** 2)) / truth;

describe('mean and variance-to-mean ratio of counts', () => {
  const size = 200_000;

  test('poisson: 1', () => {
    const found = counts(opened({ type: 'poisson', rate: 5 }), 1, size);
    expectInside(batched(found, mean), 5);
    expectInside(batched(found, dispersion(5)), 1);
  });

  test('batch-poisson: E[B²] / E[B], fixed and geometric', () => {
    const fixed = counts(opened({ type: 'batch-poisson', rate: 5, size: 4, sizes: 'fixed' }), 1, size);
    expectInside(batched(fixed, mean), 5);
    expectInside(batched(fixed, dispersion(5)), 4);
    const geometric = counts(opened({ type: 'batch-poisson', rate: 5, size: 4 }), 1, size);
    expectInside(batched(geometric, mean), 5);
    expectInside(batched(geometric, dispersion(5)), 7);
  });

  test('mmpp: 1 + A (1 − (1 − e^−st) / (st)), with the numbers of the formula', () => {
    const [low, high, lowDwell, highDwell] = [50, 400, 20, 5];
    const [s1, s2] = [1 / lowDwell, 1 / highDwell];
    const s = s1 + s2;
    const truth = (s2 * low + s1 * high) / s;
    const a = (2 * s1 * s2 * (low - high) ** 2) / (s ** 3 * truth);
    const idc = (t: number) => 1 + a * (1 - (1 - Math.exp(-s * t)) / (s * t));
    expect(truth).toBe(120);
    expect(idc(1)).toBeCloseTo(151.5, 1);
    expect(idc(10)).toBeCloseTo(827.9, 1);
    expect(1 + a).toBeCloseTo(1307.7, 1);
    const seconds = counts(opened({ type: 'mmpp', low, high, lowDwell, highDwell }), 1, 200_000);
    expectInside(batched(seconds, mean), truth);
    for (const t of [1, 10, 100]) {
      const found = Float64Array.from({ length: seconds.length / t }, (_, at) =>
        seconds.subarray(at * t, (at + 1) * t).reduce((sum, count) => sum + count, 0),
      );
      expectInside(batched(found, dispersion(truth * t)), idc(t));
    }
  }, 60_000);

  test('mmpp: counts of stretches k apart covary as the rate does', () => {
    // Cov = v (1 − e^−st)² e^(−s (k−1) t) / s² with v the variance of the rate (integrate v e^(−s |u|) over both stretches).
    const [low, high, lowDwell, highDwell] = [0.5, 4, 20, 5];
    const s = 1 / lowDwell + 1 / highDwell;
    const busy = highDwell / (lowDwell + highDwell);
    const v = busy * (1 - busy) * (high - low) ** 2;
    const found = counts(opened({ type: 'mmpp', low, high, lowDwell, highDwell }, 3), 1, 2_000_000);
    const truth = low + busy * (high - low);
    for (const lag of [1, 5]) {
      const covariance = (part: Float64Array) => {
        let sum = 0;
        for (let at = lag; at < part.length; at++) sum += (part[at]! - truth) * (part[at - lag]! - truth);
        return sum / (part.length - lag);
      };
      expectInside(
        batched(found, covariance),
        (v * (1 - Math.exp(-s)) ** 2 * Math.exp(-s * (lag - 1))) / s ** 2,
      );
    }
  }, 60_000);
});

describe('gaps', () => {
  test.each([0.25, 0.5, 1, 2, 4])('gamma: coefficient of variation %d, uncorrelated', (variation) => {
    const load = opened({ type: 'gamma', rate: 10, variation });
    let before = 0;
    const gaps = Float64Array.from({ length: 400_000 }, () => {
      const { time } = load.next()!;
      const gap = time - before;
      before = time;
      return gap;
    });
    expectInside(batched(gaps, mean), 0.1);
    const square = (part: Float64Array) => mean(part.map((gap) => (gap - 0.1) ** 2)) / 0.01;
    const [centre, half] = batched(gaps, square);
    expect(Math.abs(centre - variation ** 2)).toBeLessThan(half);
    const [lagged, width] = batched(gaps, (part) => {
      let sum = 0;
      for (let at = 1; at < part.length; at++) sum += (part[at]! - 0.1) * (part[at - 1]! - 0.1);
      return sum / part.length;
    });
    expect(Math.abs(lagged)).toBeLessThan(width);
  });

  test('uniform: number n comes at n / rate', () => {
    const load = opened({ type: 'uniform', rate: 3 });
    for (let number = 1; number <= 1000; number++) expect(load.next()!.time).toBe(number / 3);
  });
});

describe('rates that vary', () => {
  const cases = [
    { type: 'sine', rate: 40, amplitude: 0.8, period: 50 },
    {
      type: 'steps',
      rates: [
        { at: 0, rate: 10 },
        { at: 20, rate: 80 },
        { at: 60, rate: 30 },
      ],
    },
    {
      type: 'steps',
      between: 'ramp',
      rates: [
        { at: 0, rate: 10 },
        { at: 40, rate: 90 },
        { at: 100, rate: 0 },
      ],
    },
    {
      type: 'steps',
      between: 'ramp',
      rates: [
        { at: 0, rate: 0 },
        { at: 25, rate: 60 },
        { at: 45, rate: 0 },
        { at: 50, rate: 0 },
        { at: 75, rate: 20 },
      ],
    },
    { type: 'spikes', rate: 10, factor: 6, every: 20, width: 3 },
    { type: 'spikes', rate: 2, factor: 400, every: 13, width: 0.05 },
  ];

  test.each(cases)(
    '$type $between: counts follow the integral of the rate, stretch by stretch',
    (written) => {
      const model = loadModels.get(written.type);
      const parsed = model.schema.parse(withUnits(written)) as never;
      const integral = (to: number) => (to === 0 ? 0 : model.meanRate!(parsed, to)! * to);
      const total = new Float64Array(10);
      const runs = 400;
      for (let seed = 0; seed < runs; seed++) {
        const load = model.open(parsed, new RandomStream(seed, 7)) as OpenLoad;
        counts(load, 10, 10).forEach((count, at) => (total[at] = total[at]! + count));
      }
      total.forEach((count, at) => {
        const truth = runs * (integral(10 * (at + 1)) - integral(10 * at));
        // Poisson: 99.9 % of ten stretches within 3.9 deviations.
        expect(Math.abs(count - truth)).toBeLessThan(3.9 * Math.sqrt(truth) + 1e-9);
      });
    },
  );
});

describe('files', () => {
  const opening = (parameters: { readonly type: string; readonly [key: string]: unknown }, rows: unknown) => {
    const model = loadModels.get(parameters.type);
    const parsed = model.schema.parse({ file: 'x.csv', ...withUnits(parameters) }) as object;
    const load = model.open({ ...parsed, rows } as never, new RandomStream(1, 7));
    if (load.kind !== 'open') throw new Error('closed');
    return load;
  };
  const all = (load: OpenLoad) => {
    const found: object[] = [];
    for (let next = load.next(); next !== undefined; next = load.next()) found.push({ ...next });
    return found;
  };
  const rows = {
    time: Float64Array.of(0, 1, 1, 3),
    model: Int16Array.of(1, -1, 0, 1),
    names: ['a', 'b'],
    deadline: Float64Array.of(0.5, Number.NaN, 0.25, 0.5),
    quality: Float64Array.of(Number.NaN, 0.9, Number.NaN, 0.8),
  };

  test('trace: rows as they are; a row keeps nothing of the row before', () => {
    expect(all(opening({ type: 'trace' }, rows))).toEqual([
      { time: 0, model: 'b', deadline: 0.5, quality: undefined },
      { time: 1, model: undefined, deadline: undefined, quality: 0.9 },
      { time: 1, model: 'a', deadline: 0.25, quality: undefined },
      { time: 3, model: 'b', deadline: 0.5, quality: 0.8 },
    ]);
  });

  test('trace: scale multiplies the rate, repeat begins again one mean gap after the last query', () => {
    const times = (more: object) =>
      all(opening({ type: 'trace', ...more }, rows)).map((one) => (one as { time: number }).time);
    expect(times({ scale: 4 })).toEqual([0, 0.25, 0.25, 0.75]);
    expect(times({ repeat: 3 })).toEqual([0, 1, 1, 3, 4, 5, 5, 7, 8, 9, 9, 11]);
    expect(times({ repeat: 2, scale: 2 })).toEqual([0, 0.5, 0.5, 1.5, 2, 2.5, 2.5, 3.5]);
  });

  test('counts: as many in each interval as the file says, evenly in the middles of equal parts', () => {
    const even = all(
      opening({ type: 'counts', interval: '10 s', spread: 'even', repeat: 2 }, Float64Array.of(2, 0, 0, 1)),
    );
    expect(even).toEqual([2.5, 7.5, 35, 42.5, 47.5, 75].map((time) => ({ time })));
    const written = Float64Array.from({ length: 2000 }, (_, at) => at % 7);
    const found = counts(opening({ type: 'counts', interval: '1 s' }, written), 1, written.length);
    expect(found).toEqual(written);
  });

  test.each([0.013, 0.4, 1.5, 3])(
    'counts scaled by %d: whole queries, at the end of every interval the nearest number to as many',
    (scale) => {
      const written = Float64Array.from({ length: 500 }, (_, at) => (at * at) % 7);
      const load = opening({ type: 'counts', interval: '1 s', scale }, written);
      let recorded = 0;
      let found = 0;
      counts(load, 1, written.length).forEach((count, at) => {
        recorded += written[at]!;
        found += count;
        expect(Math.abs(found - scale * recorded)).toBeLessThanOrEqual(0.5);
      });
      expect(found).toBeGreaterThan(10);
    },
  );

  test('counts: random times within an interval are independent and uniform', () => {
    // Order statistics of n uniform times: number k has mean k / (n + 1), variance k (n + 1 − k) / ((n + 1)² (n + 2)).
    const [n, intervals] = [4, 50_000];
    const load = opening({ type: 'counts', interval: '1 s' }, new Float64Array(intervals).fill(n));
    const places = Array.from({ length: n }, () => new Float64Array(intervals));
    for (let interval = 0; interval < intervals; interval++)
      for (const place of places) place[interval] = load.next()!.time - interval;
    places.forEach((place, at) => {
      const truth = (at + 1) / (n + 1);
      expectInside(batched(place, mean), truth);
      const variance = ((at + 1) * (n - at)) / ((n + 1) ** 2 * (n + 2));
      expectInside(
        batched(place, (part) => mean(part.map((one) => (one - truth) ** 2))),
        variance,
      );
    });
  });
});

describe('clients and scenarios', () => {
  const closed = (parameters: { readonly type: string; readonly [key: string]: unknown }) => {
    const model = loadModels.get(parameters.type);
    const load = model.open(model.schema.parse(parameters) as never, new RandomStream(1, 7));
    if (load.kind !== 'closed') throw new Error('open');
    return load;
  };

  test('closed: clients think exponentially, or always as long', () => {
    const load = closed({ type: 'closed', clients: 5, think: '2 s' });
    expect([load.clients, load.together ?? 1]).toEqual([5, 1]);
    const thoughts = Float64Array.from({ length: 200_000 }, () => load.think());
    expectInside(batched(thoughts, mean), 2);
    expectInside(
      batched(thoughts, (part) => mean(part.map((one) => (one - 2) ** 2))),
      4,
    );
    const fixed = closed({ type: 'closed', clients: 5, think: '2 s', thinks: 'fixed' });
    expect(Array.from({ length: 9 }, () => fixed.think())).toEqual(new Array(9).fill(2));
    expect(closed({ type: 'closed', clients: 5 }).think()).toBe(0);
  });

  test('single-stream and multi-stream: one client that never thinks, with 1 and 8 samples', () => {
    const [single, multi] = [closed({ type: 'single-stream' }), closed({ type: 'multi-stream' })];
    expect([single.clients, single.together ?? 1, single.think()]).toEqual([1, 1, 0]);
    expect([multi.clients, multi.together ?? 1, multi.think()]).toEqual([1, 8, 0]);
  });

  test('offline: all samples at 0, as many as the scenario asks for', () => {
    const load = opened({ type: 'offline' });
    let samples = 0;
    let late = 0;
    for (let next = load.next(); next !== undefined; next = load.next()) {
      samples += 1;
      late = Math.max(late, next.time);
    }
    expect(late).toBe(0);
    expect(samples).toBe(mlperfRules.find(({ load: name }) => name === 'offline')!.queries);
  });
});

test('MLPerf: queries for each percentile at 99 % confidence, rounded to 2^13', () => {
  const published = [
    [0.9, 23_886, 24_576],
    [0.95, 50_425, 57_344],
    [0.97, 85_811, 90_112],
    [0.99, 262_742, 270_336],
  ] as const;
  for (const [percentile, least, rounded] of published) {
    const needed = queriesNeeded(percentile);
    expect(needed).toEqual({ least, rounded });
  }
  for (const { load } of mlperfRules) expect(loadModels.has(load)).toBe(true);
  // Server is the one whose tail is known to a twentieth; the others have counts of their own.
  const server = mlperfRules.find(({ load }) => load === 'server')!;
  expect(server.queries).toBe(queriesNeeded(server.percentile!).rounded);
});

describe('rates that no thinning could follow', () => {
  test('spikes: a thousandfold for a moment costs a few draws a query, as any rate does', () => {
    let draws = 0;
    const random = new RandomStream(2, 7);
    const draw = random.exponential.bind(random);
    random.exponential = () => {
      draws += 1;
      return draw();
    };
    const model = loadModels.get('spikes');
    const written = { type: 'spikes', rate: '10 Hz', factor: 1e5, every: '100 s', width: '1 us' };
    const load = model.open(model.schema.parse(written) as never, random) as OpenLoad;
    for (let query = 0; query < 1000; query++) load.next();
    expect(draws).toBe(1000);
  });

  test('spikes: periods without a query are passed at once', () => {
    // 1e-9 queries a period: a loop over periods would not end.
    const load = opened({ type: 'spikes', rate: 1, factor: 2, every: 1e-9, width: 5e-10 });
    const gaps = Float64Array.from({ length: 20_000 }, () => load.next()!.time);
    for (let at = gaps.length - 1; at > 0; at--) gaps[at]! -= gaps[at - 1]!;
    expectInside(batched(gaps, mean), 1 / 1.5);
  });

  test('mmpp: states that change millions of times between queries are refused, with a cure', () => {
    const { schema } = loadModels.get('mmpp');
    const written = { type: 'mmpp', low: '1 Hz', high: '2 Hz', lowDwell: '1 ns', highDwell: '1 ns' };
    const wrong = schema.safeParse(written);
    expect(wrong.error?.issues[0]).toMatchObject({ path: ['highDwell'] });
    expect(wrong.error?.issues[0]!.message).toMatch(/faster than queries come/);
    const none = schema.safeParse({ ...written, low: 0, high: 0, lowDwell: '1 s', highDwell: '1 s' });
    expect(none.error?.issues[0]).toMatchObject({
      path: ['high'],
      message: 'no query comes in either state',
    });
  });
});
