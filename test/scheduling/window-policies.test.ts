import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clairvoyant } from '../../src/scheduling/window/clairvoyant.ts';
import { driftPlusPenalty } from '../../src/scheduling/window/drift-plus-penalty.ts';
import { forecast } from '../../src/scheduling/window/forecast.ts';
import { infaas } from '../../src/scheduling/window/infaas.ts';
import { optimum } from '../../src/scheduling/window/optimum.ts';
import { pi } from '../../src/scheduling/window/pi.ts';
import { random } from '../../src/scheduling/window/random.ts';
import { staticCut } from '../../src/scheduling/window/static.ts';
import { threshold } from '../../src/scheduling/window/threshold.ts';
import type { ModelPlan, ModelWindow, WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import { anyWindow, cutOf, modelOf, parametersOf, plansOf, windowOf } from './served.ts';

/** Capacities 10, 20 and 40 queries a second. */
const model = modelOf([cutOf(0.1, 0.9), cutOf(0.05, 0.88), cutOf(0.025, 0.8)]);
const only = (cut: number): ModelPlan => ({ mix: [{ cut, share: 1 }] });
/** Plans for one model whose last rates are those, one after the other. */
function served(
  policy: unknown,
  given: object,
  windows: readonly (number | Partial<ModelWindow>)[],
): ModelPlan[] {
  const rates: number[] = [];
  const views = windows.map((window) => {
    const more = typeof window === 'number' ? {} : window;
    if (typeof window === 'number') rates.push(window);
    return windowOf([{ model, rates: [...rates], ...more }]);
  });
  return plansOf(policy as WindowPolicy, given, views).map(([plan]) => plan!);
}
/** Cut of each plan, all of one cut. */
const cutsOf = (plans: readonly ModelPlan[]) =>
  plans.map(({ mix }) => {
    expect(mix).toHaveLength(1);
    return mix[0]!.cut;
  });
const shareOf = ({ mix }: ModelPlan, cut: number) => mix.find((one) => one.cut === cut)?.share ?? 0;

test('static: the named cut, else the most accurate', () => {
  expect(cutsOf(served(staticCut, { cut: '0.05' }, [0, 99]))).toEqual([1, 1]);
  expect(cutsOf(served(staticCut, {}, [0, 99]))).toEqual([0, 0]);
  expect(cutsOf(served(staticCut, { cut: 'unheard' }, [0]))).toEqual([0]);
});

describe('threshold', () => {
  test('one cut faster above, one more accurate below and after the hold', () => {
    // Loads with cuts 0, 1, 2: of 9.5: .95, .475; of 25: 2.5, 1.25, .625; of 15: 1.5, .75, .375; of 6: .6, .3, .15.
    const rates = [5, 9.5, 25, 25, 15, 13, 13, 13, 6, 6, 6];
    expect(cutsOf(served(threshold, { high: 0.9, low: 0.7, hold: 1 }, rates))).toEqual([
      0, 1, 2, 2, 2, 1, 1, 1, 0, 0, 0,
    ]);
    expect(cutsOf(served(threshold, { hold: 3 }, [95, 5, 5, 5, 5]))).toEqual([1, 1, 1, 1, 0]);
  });

  test('what waits is demand of the window, and models that share a station fill it together', () => {
    expect(cutsOf(served(threshold, {}, [{ waiting: 10 }]))).toEqual([1]);
    const half = { model, rates: [5] };
    const plans = plansOf(threshold as unknown as WindowPolicy, {}, [windowOf([half, half])]);
    expect(plans[0]).toEqual([only(1), only(1)]);
    const apart = windowOf([half, { ...half, devices: [1] }], { devices: 2 });
    expect(plansOf(threshold as unknown as WindowPolicy, {}, [apart])[0]).toEqual([only(0), only(0)]);
  });
});

describe('forecast', () => {
  const plain = { smoothing: 1, headroom: 0, hold: 0 };

  test('mixes neighbours so that capacity is the forecast with head-room', () => {
    // 12 × 1.25 = 15 of 10 … 20: half the time cut 1, which answers 2/3 of the queries.
    const [plan] = served(forecast, { ...plain, headroom: 0.25 }, [12]);
    expect(shareOf(plan!, 0)).toBeCloseTo(1 / 3, 9);
    expect(shareOf(plan!, 1)).toBeCloseTo(2 / 3, 9);
  });

  test('without mixes, the most accurate cut that carries it', () => {
    expect(cutsOf(served(forecast, { ...plain, mix: false }, [9, 11, 19, 21, 99]))).toEqual([0, 1, 1, 2, 2]);
  });

  test('to faster cuts at once, to more accurate ones when they have been right for the windows of the hold', () => {
    const given = { ...plain, mix: false, hold: 2 };
    expect(cutsOf(served(forecast, given, [5, 35, 5, 5, 5, 5]))).toEqual([0, 2, 2, 2, 0, 0]);
    // One busy window in between starts the count anew.
    expect(cutsOf(served(forecast, given, [35, 5, 5, 35, 5, 5, 5]))).toEqual([2, 2, 2, 2, 2, 2, 0]);
  });

  test('smooths (EWMA) or extrapolates (Holt)', () => {
    // Level .5 × 30 + .5 × 6 = 18.
    expect(cutsOf(served(forecast, { ...plain, mix: false, smoothing: 0.5 }, [6, 30]))).toEqual([0, 1]);
    // 6, 9, 12 goes on to 15, by trend; of 12 alone and of 15 both cut 1, of 18 on to 21 cut 2.
    const ramp = [6, 9, 12, 15, 18];
    expect(cutsOf(served(forecast, { ...plain, mix: false, trend: 1 }, ramp)).at(-1)).toBe(2);
    expect(cutsOf(served(forecast, { ...plain, mix: false }, ramp)).at(-1)).toBe(1);
  });

  test('what waits is to be served within the window', () => {
    expect(cutsOf(served(forecast, { ...plain, mix: false }, [{ waiting: 15, rates: [3] }]))).toEqual([1]);
  });

  test('a cut too slow for the deadline is not used, and one near it less', () => {
    const due = modelOf(model.cuts, { deadline: 0.09 });
    const view = windowOf([{ model: due, rates: [0.5] }]);
    expect(plansOf(forecast as unknown as WindowPolicy, plain, [view])[0]).toEqual([only(1)]);
    // At rate 19 without a deadline cut 1 is enough; with one, its tail would be too long.
    const busy = windowOf([{ model: due, rates: [19] }]);
    const [plan] = plansOf(forecast as unknown as WindowPolicy, { ...plain, mix: false }, [busy]);
    expect(plan).toEqual([only(2)]);
  });
});

describe('pi', () => {
  const due = modelOf(model.cuts, { deadline: 1 });
  const at = (plan: ModelPlan) => shareOf(plan, 1) + 2 * shareOf(plan, 2);
  const window = (p99: number | undefined, more: Partial<ModelWindow> = {}) =>
    windowOf([{ model: due, p99, offered: 100, answered: 100, rates: [100], ...more }]);
  const plans = (given: object, views: readonly ReturnType<typeof window>[]) =>
    plansOf(pi as unknown as WindowPolicy, given, views).map(([plan]) => at(plan!));

  test('a step of the velocity form: proportional to the change of the error, integral to the error', () => {
    // Relative errors .5, .5, −.25 of the target .8; the hull has two pieces.
    const places = plans({ target: 0.8, proportional: 0.2, integral: 0.1 }, [
      window(1.2),
      window(1.2),
      window(0.6),
    ]);
    [0.15, 0.2, 0.025].forEach((place, index) => expect(places[index]).toBeCloseTo(2 * place, 12));
  });

  test('settles where the tail is on target', () => {
    const parameters = parametersOf(pi, { target: 0.8 });
    let state = pi.start(parameters, [due]);
    let place = 0;
    for (let index = 0; index < 300; index++) {
      // A plant whose tail falls from 1.4 to .4 of the deadline along the hull.
      const decision = pi.decide(window(1.4 - place / 2), state, parameters);
      state = decision.state;
      place = at(decision.plan[0]!);
    }
    expect(1.4 - place / 2).toBeCloseTo(0.8, 6);
  });

  test('does not wind up: after a long overload it leaves the end at once', () => {
    const overload = Array.from({ length: 100 }, () => window(50));
    const places = plans({}, [...overload, window(0.4)]);
    expect(places.at(-2)).toBe(2);
    expect(places.at(-1)).toBeLessThan(2);
  });

  test('drops and lines without answers are overload, idleness is room', () => {
    const [dropped] = plans({}, [window(0.1, { dropped: 2 })]);
    const [stuck] = plans({}, [window(undefined, { answered: 0, waiting: 9 })]);
    expect(dropped).toBeGreaterThan(0);
    expect(stuck).toBe(dropped);
    expect(plans({}, [window(0.1, { dropped: 1 })])).toEqual([0]);
    const idle = plans({}, [window(50), window(undefined, { offered: 0, answered: 0 })]);
    expect(idle[1]).toBeLessThan(idle[0]!);
  });
});

test('drift plus penalty changes cut where Q = V Δaccuracy / Δcapacity, of each device', () => {
  const two = modelOf([cutOf(0.1, 0.9), cutOf(0.025, 0.8)]);
  // V × 0.1 = Q × (1 − 10/40).
  const change = (400 * 0.1) / 0.75;
  const cut = (waiting: number, devices: readonly number[]) => {
    const view = windowOf([{ model: two, waiting, devices }], { devices: 2 });
    return plansOf(driftPlusPenalty as unknown as WindowPolicy, { v: 400 }, [view])[0];
  };
  expect(cut(Math.floor(change), [0])).toEqual([only(0)]);
  expect(cut(Math.ceil(change), [0])).toEqual([only(1)]);
  expect(cut(Math.floor(2 * change), [0, 1])).toEqual([only(0)]);
  expect(cut(Math.ceil(2 * change), [0, 1])).toEqual([only(1)]);
});

describe('infaas', () => {
  test('in danger, to the most accurate cut that is none; with much room, one cut more accurate', () => {
    expect(cutsOf(served(infaas, {}, [9, 30, 12, 5, 5, 5]))).toEqual([0, 2, 1, 0, 0, 0]);
    // Load .75 is neither danger nor much room.
    expect(cutsOf(served(infaas, {}, [30, 30]))).toEqual([2, 2]);
    // Load .575 is much room, but the next cut would be in danger.
    expect(cutsOf(served(infaas, {}, [30, 23]))).toEqual([2, 2]);
  });

  test('the busiest model makes room, the others only as far as there is still danger', () => {
    const view = windowOf([
      { model, rates: [3] },
      { model, rates: [9] },
    ]);
    // 1.2 in all; with cut 1 for the second .75.
    expect(plansOf(infaas as unknown as WindowPolicy, {}, [view])[0]).toEqual([only(0), only(1)]);
  });
});

test('random: each cut as often, by the seed and the number of the window alone', () => {
  const windows = Array.from({ length: 3000 }, (_, index) => windowOf([{ model }, { model }], { index }));
  const drawn = plansOf(random as unknown as WindowPolicy, {}, windows).map((plan) => cutsOf(plan));
  const counts = [0, 0, 0];
  for (const [first] of drawn) counts[first!]! += 1;
  // Pearson's χ² with 2 degrees of freedom: 13.8 in one of a thousand seeds.
  expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(13.8);
  expect(drawn.filter(([first, second]) => first === second).length).toBeLessThan(1100);
  const later = plansOf(random as unknown as WindowPolicy, {}, windows.slice(7, 8));
  expect(cutsOf(later[0]!)).toEqual(drawn[7]);
  const other = plansOf(random as unknown as WindowPolicy, { seed: 1 }, windows).map((plan) => cutsOf(plan));
  expect(other).not.toEqual(drawn);
});

describe('optimum and clairvoyant', () => {
  test('the mix for the last rate with head-room, and for the one that comes', () => {
    const [last] = served(optimum, { headroom: 0.5 }, [10]);
    expect(shareOf(last!, 1)).toBeCloseTo(2 / 3, 9);
    const [coming] = served(clairvoyant, {}, [{ ahead: 14, waiting: 1, rates: [40] }]);
    expect(shareOf(coming!, 1)).toBeCloseTo(2 / 3, 9);
  });

  const held = { ...model, replica: { from: 0, to: 60, programming: 2 } };
  const crowded = (rate: number) =>
    windowOf(
      [
        { model: held, rates: [rate], devices: [0] },
        { model, rates: [30], devices: [0] },
      ],
      { devices: 2 },
    );
  const moves = (given: object, view: ReturnType<typeof crowded>) =>
    plansOf(optimum as unknown as WindowPolicy, { headroom: 0, ...given }, [view])[0]!.map(
      ({ devices }) => devices,
    );

  test('a replica moves to an idle device only on request, and only where that pays within the horizon', () => {
    expect(moves({}, crowded(30))).toEqual([undefined, undefined]);
    expect(moves({ moves: true }, crowded(30))).toEqual([[1], undefined]);
    // Programming costs 2 s of the 27 right answers at 30 a second; in a second nothing can gain as much.
    expect(moves({ moves: true, horizon: 1 }, crowded(30))).toEqual([undefined, undefined]);
    // Nobody asks: nothing to gain.
    expect(moves({ moves: true }, windowOf([{ model: held, rates: [1] }], { devices: 2 }))).toEqual([
      undefined,
    ]);
  });

  // Two cuts: a answers 10 a second, 0.9 of them right; b answers 20 a second, 0.8 right. A window is 1 s.
  const moved = (programming: number, rates: readonly number[], plan = only(0)) => {
    const switching = [
      [0, programming],
      [programming, 0],
    ];
    const two = modelOf([cutOf(0.1, 0.9), cutOf(0.05, 0.8)], { switching });
    const view = windowOf([{ model: two, rates, plan, ahead: rates[0] }]);
    const [afterwards, told] = [
      plansOf(optimum as unknown as WindowPolicy, { headroom: 0 }, [view])[0]!,
      plansOf(clairvoyant as unknown as WindowPolicy, {}, [view])[0]!,
    ];
    expect(told).toEqual(afterwards);
    return cutsOf(told)[0];
  };

  test('a cut that is programmed first changes only where the rest of the window gains more than is lost', () => {
    // 14 come: a answers 10 × 0.9 = 9 right; b, programmed for p, 0.8 × min(14, 20 (1 − p)): 9 at p = 0.4375.
    expect(moved(0.43, [14])).toBe(1);
    expect(moved(0.44, [14])).toBe(0);
    // 10 come and b is there, 8 right; a would answer 0.9 × 10 (1 − p): 8 at p = 1/9.
    expect(moved(0.11, [10], only(1))).toBe(0);
    expect(moved(0.112, [10], only(1))).toBe(1);
    // 8 come and b is there, 6.4 right; a has capacity left: 0.9 × min(8, 10 (1 − p)), 6.4 at p = 0.2889.
    expect(moved(0.28, [8], only(1))).toBe(0);
    expect(moved(0.29, [8], only(1))).toBe(1);
    // Longer than the window, and where nobody asks, nothing changes.
    expect(moved(1.5, [100])).toBe(0);
    expect(moved(0.01, [0], only(1))).toBe(1);
    expect(moved(0, [100], only(0))).toBe(1);
  });

  test('of two models that share a station one changes where both may, as trying all pairs says', () => {
    const programming = 0.2;
    const switching = [
      [0, programming],
      [programming, 0],
    ];
    const two = modelOf([cutOf(0.1, 0.9), cutOf(0.05, 0.8)], { switching });
    // 8 of each come. Both stay: 10 answered, 9 right. One changes: x of its 8 take 0.05 / 0.8 s each, y of the others 0.1 s.
    // 8 × 0.0625 = 0.5 s, and 5 of the other: 6.4 + 4.5 = 10.9. Both change: 16 × 0.0625 = 1 s, 12.8 right.
    const view = windowOf([
      { model: two, rates: [8] },
      { model: { ...two }, rates: [8] },
    ]);
    expect(cutsOf(plansOf(optimum as unknown as WindowPolicy, { headroom: 0 }, [view])[0]!)).toEqual([1, 1]);
  });

  test('moves never put two models on the same crossbars of a device', () => {
    const tally = { moved: 0, kept: 0 };
    fc.assert(
      fc.property(anyWindow, (view) => {
        const [plan] = plansOf(optimum as unknown as WindowPolicy, { moves: true }, [view]);
        const after = (index: number) => plan![index]!.devices ?? view.models[index]!.devices;
        view.models.forEach(({ model, devices }, index) => {
          const fresh = after(index).filter((device) => !devices.includes(device));
          if (fresh.length > 0) tally.moved += 1;
          const own = model.replica;
          if (own === undefined) return;
          view.models.forEach((beside, other) => {
            const theirs = beside.model.replica;
            if (other === index || theirs === undefined || own.to <= theirs.from || theirs.to <= own.from)
              return;
            tally.kept += 1;
            for (const device of fresh) expect(after(other)).not.toContain(device);
          });
        });
      }),
      { numRuns: 2000, seed: 5 },
    );
    expect(tally.moved).toBeGreaterThan(20);
    expect(tally.kept).toBeGreaterThan(20);
  });
});
