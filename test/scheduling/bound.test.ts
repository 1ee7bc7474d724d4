import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracyGoodputBound } from '../../src/scheduling/bound.ts';
import type { ServedModel } from '../../src/scheduling/served-model.ts';
import { cutOf, modelOf } from './served.ts';

interface Query {
  readonly model: number;
  readonly arrival: number;
}

/** Work on the first station, then on the second, each for one query at a time; the answer may come before the second is done. */
const cut = fc
  .tuple(
    fc.nat(3),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 100 }),
  )
  .map(([a, b, answer, parts]) =>
    cutOf(Math.max(a, b), parts / 100, { work: [a, b], latency: a + Math.min(answer, b) }),
  );
const model = fc
  .tuple(fc.array(cut, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 5 }))
  .map(([cuts, deadline]) => modelOf(cuts, { deadline }));
const instance = fc
  .record({
    models: fc.array(model, { minLength: 1, maxLength: 2 }),
    devices: fc.integer({ min: 1, max: 2 }),
    arrivals: fc.array(fc.tuple(fc.nat(1), fc.nat(3)), { minLength: 2, maxLength: 5 }),
    length: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ arrivals, ...rest }) => ({
    ...rest,
    queries: arrivals.map(([any, arrival]): Query => ({ model: any % rest.models.length, arrival })),
  }));

/** The most right answers in time of all orders, devices and cuts, and of leaving queries out. */
function bestSchedule(queries: readonly Query[], models: readonly ServedModel[], devices: number): number {
  let best = 0;
  const free = Array.from({ length: devices }, () => [0, 0] as [number, number]);
  const visit = (left: readonly Query[], right: number): void => {
    best = Math.max(best, right);
    for (const query of left) {
      const { cuts, deadline } = models[query.model]!;
      const rest = left.filter((one) => one !== query);
      for (const { work, latency, accuracy } of cuts)
        for (const device of free) {
          const [first, second] = device;
          const passed = work[0]! === 0 ? query.arrival : Math.max(query.arrival, first) + work[0]!;
          const start = Math.max(passed, second);
          if (start + latency - work[0]! > query.arrival + deadline) continue;
          if (work[0]! > 0) device[0] = passed;
          device[1] = start + work[1]!;
          visit(rest, right + accuracy);
          [device[0], device[1]] = [first, second];
        }
    }
  };
  visit(queries, 0);
  return best;
}

function countsOf(queries: readonly Query[], models: number, length: number): number[][] {
  const last = Math.max(...queries.map(({ arrival }) => arrival));
  const counts = Array.from({ length: Math.floor(last / length) + 1 }, () => Array<number>(models).fill(0));
  for (const { model: of, arrival } of queries) counts[Math.floor(arrival / length)]![of]! += 1;
  return counts;
}

describe('the bound on accuracy-goodput', () => {
  test('is passed by no schedule of a tiny instance, and says more than the best accuracy', () => {
    let tighter = 0;
    fc.assert(
      fc.property(instance, ({ models, devices, queries, length }) => {
        const counts = countsOf(queries, models.length, length);
        const bound = accuracyGoodputBound({ length, counts }, models, devices, 2) * queries.length;
        expect(bestSchedule(queries, models, devices)).toBeLessThanOrEqual(bound + 1e-7);
        const accurate = queries.reduce(
          (sum, query) => sum + Math.max(...models[query.model]!.cuts.map(({ accuracy }) => accuracy)),
          0,
        );
        expect(bound).toBeLessThanOrEqual(accurate + 1e-7);
        if (bound < accurate - 1e-3) tighter += 1;
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(tighter).toBeGreaterThan(25);
  });

  test('of a steady load is that of its mix, but for what fits in beyond the end', () => {
    // 1.5 queries a second where the accurate cut carries 1 and the fast one 2: θ = 1/2 of the time fast, 2/3 of the queries.
    const models = [modelOf([cutOf(1, 0.9), cutOf(0.5, 0.6)], { deadline: 4 })];
    const counts = Array.from({ length: 1024 }, () => [6]);
    const mix = (2 / 3) * 0.6 + (1 / 3) * 0.9;
    const bound = accuracyGoodputBound({ length: 4, counts }, models, 1, 1);
    // Of the whole run the deadline and one piece of work more than the run is long.
    const more = (4 + 1) / 4096;
    expect(bound).toBeGreaterThan(mix);
    expect(bound).toBeLessThan(mix * (1 + more));
  });

  test('takes short times for bursts and long ones for steady loads: a burst between idle times costs', () => {
    const models = [modelOf([cutOf(1, 1)], { deadline: 2 })];
    // 10 queries at once of which 2 (3 by the bound) can be in time; then nobody, and time enough for all of them.
    const counts = Array.from({ length: 64 }, (_, at) => [at % 16 === 0 ? 10 : 0]);
    const bound = accuracyGoodputBound({ length: 1, counts }, models, 1, 1);
    expect(bound).toBeCloseTo((1 + 2 + 1) / 10, 9);
  });

  test('lets models of long deadlines not excuse those of short ones', () => {
    const short = modelOf([cutOf(1, 1)], { deadline: 1 });
    const never = modelOf([cutOf(1, 1)]);
    const bound = accuracyGoodputBound({ length: 1, counts: [[10, 10]] }, [short, never], 1, 1);
    expect(bound).toBeCloseTo((1 + 1 + 1 + 10) / 20, 9);
  });

  test('of nobody is 0, and without deadlines the best accuracy', () => {
    const models = [modelOf([cutOf(1, 0.7), cutOf(2, 0.8)])];
    expect(accuracyGoodputBound({ length: 1, counts: [] }, models, 1, 1)).toBe(0);
    expect(accuracyGoodputBound({ length: 1, counts: [[50]] }, models, 1, 1)).toBeCloseTo(0.8, 12);
  });
});
