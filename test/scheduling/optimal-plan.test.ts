import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFeasible, loadOfModel, stationLoads } from '../../src/scheduling/capacity.ts';
import { hullOf, ladderOf, mixAt } from '../../src/scheduling/hull.ts';
import { type Demand, mostRight, optimalPlan } from '../../src/scheduling/optimal-plan.ts';
import { capacityOf, type ServedModel } from '../../src/scheduling/served-model.ts';
import { singleCutPlan } from '../../src/scheduling/single-cut-plan.ts';
import { cutOf, modelOf } from './served.ts';

/** Cuts of one station, times 1 to 8 s, accuracies so near that a query always pays. */
const oneStation = fc
  .uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 6 })
  .chain((times) =>
    fc
      .array(fc.integer({ min: 900, max: 950 }), { minLength: times.length, maxLength: times.length })
      .map((parts) => modelOf(times.map((time, index) => cutOf(time, parts[index]! / 1000)))),
  );
const on = (model: ServedModel, rate: number, devices: readonly number[] = [0]): Demand => {
  return { model, rate, devices };
};
/** Share of each cut. */
const sharesOf = (plan: ReturnType<typeof optimalPlan>[number], { cuts }: ServedModel) =>
  cuts.map((_, cut) => plan.mix.reduce((sum, one) => sum + (one.cut === cut ? one.share : 0), 0));

describe('the optimal mix', () => {
  test('of one model and one station lies between two neighbours of the hull: θ = (λ − X_1) / (X_2 − X_1) of the time', () => {
    fc.assert(
      fc.property(oneStation, fc.double({ min: 0, max: 1, noNaN: true }), (model, place) => {
        const hull = hullOf(model);
        const capacities = hull.map((cut) => capacityOf(model.cuts[cut]!));
        const rate = capacities[0]! + place * (capacities.at(-1)! - capacities[0]!);
        const shares = sharesOf(optimalPlan([on(model, rate)], 1)[0]!, model);
        const expected = model.cuts.map(() => 0);
        const upper = capacities.findIndex((capacity) => capacity >= rate);
        if (upper <= 0) expected[hull[Math.max(upper, 0)]!] = 1;
        else {
          const [x1, x2] = [capacities[upper - 1]!, capacities[upper]!];
          const theta = (rate - x1) / (x2 - x1);
          expected[hull[upper - 1]!] = ((1 - theta) * x1) / rate;
          expected[hull[upper]!] = (theta * x2) / rate;
        }
        shares.forEach((share, cut) => expect(share).toBeCloseTo(expected[cut]!, 9));
      }),
    );
  });

  test('is beaten by no mix of a fine grid, of one model', () => {
    fc.assert(
      fc.property(oneStation, fc.double({ min: 0.05, max: 1.5, noNaN: true }), (model, rate) => {
        const best = mostRight([on(model, rate)], 1).rate;
        const cuts = [...model.cuts.keys()];
        let most = 0;
        // Two cuts and, beyond capacity, queries that nobody answers.
        for (const a of cuts)
          for (const b of cuts)
            for (let share = 0; share <= 1; share += 1 / 64) {
              const time = share * model.cuts[a]!.work[0]! + (1 - share) * model.cuts[b]!.work[0]!;
              const answered = Math.min(rate, 1 / time);
              const right = share * model.cuts[a]!.accuracy + (1 - share) * model.cuts[b]!.accuracy;
              most = Math.max(most, answered * right);
            }
        expect(most).toBeLessThanOrEqual(best + 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  test('is beaten by no mix of a grid, of two models that share a station of two devices, and fills no station beyond its time', () => {
    const cut = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 100 }))
      .map(([a, b, parts]) => cutOf(Math.max(a, b), parts / 100, { work: [a, b] }));
    const model = fc.array(cut, { minLength: 2, maxLength: 2 }).map((cuts) => modelOf(cuts));
    const held = fc.constantFrom([0], [1], [0, 1]);
    const demand = fc.record({ model, devices: held, rate: fc.constantFrom(0.05, 0.1, 0.2, 0.3) });
    fc.assert(
      fc.property(fc.tuple(demand, demand), (demands) => {
        const { rate: best, shares } = mostRight(demands, 2);
        // Queries that are answered with each cut.
        const answered = demands.map(({ rate, ...rest }, index) => {
          const total = shares[index]!.reduce((sum, share) => sum + share, 0);
          return { ...rest, rate: rate * total };
        });
        const mixes = shares.map((of) => ({
          mix: of.map((share, index) => ({ cut: index, share: share || 1e-30 })),
        }));
        expect(isFeasible(stationLoads(answered, mixes, 2, 2))).toBe(true);
        const steps = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];
        const choices = steps.flatMap((a) => steps.filter((b) => a + b <= 1).map((b) => [a, b] as const));
        let most = 0;
        for (const first of choices)
          for (const second of choices) {
            const loads = [0, 0, 0, 0];
            let right = 0;
            [first, second].forEach((chosen, index) => {
              const { model: one, rate, devices } = demands[index]!;
              chosen.forEach((share, at) => {
                right += rate * share * one.cuts[at]!.accuracy;
                for (const device of devices)
                  one.cuts[at]!.work.forEach((work, station) => {
                    loads[2 * device + station]! += (rate * share * work) / devices.length;
                  });
              });
            });
            if (loads.every((load) => load <= 1)) most = Math.max(most, right);
          }
        expect(most).toBeLessThanOrEqual(best + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('of a model that nobody asks is its most accurate cut, whatever others do', () => {
    const model = modelOf([cutOf(1, 0.8), cutOf(4, 0.9)]);
    expect(optimalPlan([on(model, 0)], 1)).toEqual([{ mix: [{ cut: 1, share: 1 }] }]);
    const [busy, idle] = optimalPlan([on(model, 1), on(model, 0)], 1);
    expect(busy).toEqual({ mix: [{ cut: 0, share: 1 }] });
    expect(idle).toEqual({ mix: [{ cut: 1, share: 1 }] });
  });
});

describe('one cut for each model', () => {
  test('is the best of all that fit, by brute force', () => {
    const cut = fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 100 }),
      )
      .map(([a, b, parts]) => cutOf(Math.max(a, b), parts / 100, { work: [a, b] }));
    const model = fc.array(cut, { minLength: 1, maxLength: 4 }).map((cuts) => modelOf(cuts));
    const demand = fc.record({
      model,
      devices: fc.constantFrom([0], [1], [0, 1]),
      rate: fc.constantFrom(0, 0.02, 0.025, 0.03),
    });
    let fitted = 0;
    fc.assert(
      fc.property(fc.array(demand, { minLength: 2, maxLength: 4 }), (demands) => {
        const plan = singleCutPlan(demands, 2);
        const rightOf = (cuts: readonly number[]) =>
          demands.reduce((sum, one, index) => sum + one.rate * one.model.cuts[cuts[index]!]!.accuracy, 0);
        let best = -1;
        const visit = (cuts: readonly number[]): void => {
          if (cuts.length < demands.length)
            return demands[cuts.length]!.model.cuts.forEach((_, next) => visit([...cuts, next]));
          const all = cuts.map((one) => ({ mix: [{ cut: one, share: 1 }] }));
          if (isFeasible(stationLoads(demands, all, 2, 2))) best = Math.max(best, rightOf(cuts));
        };
        visit([]);
        expect(plan.every(({ mix }) => mix.length === 1)).toBe(true);
        if (best < 0) return;
        fitted += 1;
        expect(isFeasible(stationLoads(demands, plan, 2, 2))).toBe(true);
        expect(rightOf(plan.map(({ mix }) => mix[0]!.cut))).toBeCloseTo(best, 12);
      }),
      { seed: 5, numRuns: 1000 },
    );
    expect(fitted).toBeGreaterThan(20);
  });

  test('fits where the fastest cut of the optimal mix would not', () => {
    // One cut works on the first station, the other on the second: mixed they carry 1.5, alone 1.
    const model = modelOf([
      cutOf(1, 0.9, { work: [1, 0.1] }),
      cutOf(0.9, 0.8, { work: [0.1, 0.9] }),
      cutOf(0.6, 0.5, { work: [0.6, 0.6] }),
    ]);
    expect(singleCutPlan([on(model, 1.5)], 2)).toEqual([{ mix: [{ cut: 2, share: 1 }] }]);
  });
});

describe('ladder and hull', () => {
  test('the ladder keeps what no other cut beats in accuracy and capacity, the hull what no mix of two beats', () => {
    fc.assert(
      fc.property(oneStation, (model) => {
        const { cuts } = model;
        const all = [...cuts.keys()];
        const time = (cut: number) => cuts[cut]!.work[0]!;
        const beaten = (cut: number) =>
          all.some(
            (other) =>
              time(other) <= time(cut) &&
              cuts[other]!.accuracy >= cuts[cut]!.accuracy &&
              (time(other) < time(cut) || cuts[other]!.accuracy > cuts[cut]!.accuracy),
          );
        const ladder = ladderOf(model);
        expect([...ladder].sort()).toEqual(all.filter((cut) => !beaten(cut)).sort());
        const onLine = (cut: number) =>
          ladder.some((slow) =>
            ladder.some((fast) => {
              if (!(time(fast) < time(cut) && time(cut) < time(slow))) return false;
              const part = (time(cut) - time(fast)) / (time(slow) - time(fast));
              const line = part * cuts[slow]!.accuracy + (1 - part) * cuts[fast]!.accuracy;
              return cuts[cut]!.accuracy <= line - 1e-12;
            }),
          );
        const hull = hullOf(model);
        for (const cut of ladder) if (onLine(cut)) expect(hull).not.toContain(cut);
        for (const cut of hull) expect(onLine(cut)).toBe(false);
        expect(hull[0]).toBe(ladder[0]);
        expect(hull.at(-1)).toBe(ladder.at(-1));
      }),
    );
  });

  test('a place on the hull is a mix of its two neighbours', () => {
    expect(mixAt([4, 2, 7], 0)).toEqual({ mix: [{ cut: 4, share: 1 }] });
    expect(mixAt([4, 2, 7], 2)).toEqual({ mix: [{ cut: 7, share: 1 }] });
    expect(mixAt([4, 2, 7], 1.25)).toEqual({
      mix: [
        { cut: 2, share: 0.75 },
        { cut: 7, share: 0.25 },
      ],
    });
  });
});

test('loads of stations: rates × shares × work, spread over devices; of a model, the fullest of those it uses', () => {
  const first = modelOf([cutOf(2, 0.9, { work: [2, 0, 1] }), cutOf(1, 0.8, { work: [1, 0, 0] })]);
  const second = modelOf([cutOf(4, 0.9, { work: [0, 4, 0] })]);
  const demands = [on(first, 0.4, [0, 1]), on(second, 0.3, [1])];
  const plan = [
    {
      mix: [
        { cut: 0, share: 0.5 },
        { cut: 1, share: 0.5 },
      ],
    },
    { mix: [{ cut: 0, share: 1 }] },
  ];
  const loads = stationLoads(demands, plan, 2, 3);
  const close = [
    [0.3, 0, 0.1],
    [0.3, 1.2, 0.1],
  ];
  loads.forEach((load, device) =>
    load.forEach((share, at) => expect(share).toBeCloseTo(close[device]![at]!, 12)),
  );
  expect(isFeasible(loads)).toBe(false);
  expect(loadOfModel(demands[0]!, loads)).toBeCloseTo(0.3, 12);
  expect(loadOfModel(demands[1]!, loads)).toBeCloseTo(1.2, 12);
});
