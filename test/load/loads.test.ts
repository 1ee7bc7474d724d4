import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { loadModels } from '../../src/load/index.ts';
import type { OpenLoad } from '../../src/load/load.ts';
import { mlperfRules, queriesNeeded } from '../../src/load/mlperf.ts';

/** Plain numbers of a load with the units that a scenario gives them. */
function withUnits(parameters: object): object {
  const text = JSON.stringify(parameters)
    .replace(/"(rate|low|high)":([\d.]+)/g, '"$1":"$2 Hz"')
    .replace(/"(lowDwell|highDwell|period|every|width|at)":([\d.]+)/g, '"$1":"$2 s"');
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
    expect(idc(1)).toBeCloseTo(151.5, 0);
    expect(idc(10)).toBeCloseTo(827.9, 0);
    expect(1 + a).toBeCloseTo(1307.7, 0);
    const faster = { type: 'mmpp', low: 0.5, high: 4, lowDwell, highDwell };
    const rate = truth / 100;
    const scaled = (t: number) => 1 + (idc(t) - 1) / 100;
    for (const t of [1, 10]) {
      const found = counts(opened(faster), t, 2_000_000 / t);
      expectInside(batched(found, mean), rate * t);
      expectInside(batched(found, dispersion(rate * t)), scaled(t));
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
    { type: 'spikes', rate: 10, factor: 6, every: 20, width: 3 },
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

describe('every load', () => {
  const examples: Readonly<Record<string, object>> = {
    ...{ poisson: { rate: 10 }, gamma: { rate: 10 }, uniform: { rate: 10 }, 'batch-poisson': { rate: 10 } },
    mmpp: { low: 5, high: 50, lowDwell: 2, highDwell: 1 },
    sine: { rate: 10, period: 7 },
    steps: { rates: [{ at: 0, rate: 10 }] },
    spikes: { rate: 10, every: 5, width: 1 },
    closed: { clients: 3 },
    trace: { file: 'x.csv' },
    ...{ server: { rate: 10 }, offline: { samples: 100 }, 'single-stream': {}, 'multi-stream': {} },
  };
  const units = (type: string) => withUnits({ type, ...examples[type] });

  test.each(loadModels.names)('%s: strict, in order of time, the same for the same seed', (type) => {
    const model = loadModels.get(type);
    const parsed = model.schema.parse(units(type));
    expect(model.schema.safeParse({ ...units(type), unknownKey: 1 }).success).toBe(false);
    if (type === 'trace') return;
    const times = (seed: number) => {
      const load = model.open(parsed as never, new RandomStream(seed, 7));
      if (load.kind === 'closed') return Array.from({ length: 100 }, () => load.think());
      const found: number[] = [];
      for (let number = 0; number < 1000; number++) {
        const arrival = load.next();
        if (arrival === undefined) break;
        expect(Number.isFinite(arrival.time)).toBe(true);
        expect(arrival.time).toBeGreaterThanOrEqual(found.at(-1) ?? 0);
        found.push(arrival.time);
      }
      return found;
    };
    expect(times(1)).toEqual(times(1));
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
    expect(Math.abs(needed.least - least)).toBeLessThanOrEqual(1);
    expect(needed.rounded).toBe(rounded);
  }
  expect(mlperfRules.map(({ load }) => load).every((load) => loadModels.has(load))).toBe(true);
});
