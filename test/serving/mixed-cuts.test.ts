import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { CycleDevice } from '../../src/serving/cycle-device.ts';
import type { Device } from '../../src/serving/device.ts';
import { type MeasuredMix, MIXES, sharedWork } from '../../src/serving/measure-mixes.ts';
import { MixedCuts } from '../../src/serving/mixed-cuts.ts';
import type { CutProfile } from '../../src/serving/profile.ts';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';
import { cycleSystem } from './cycle-system.ts';

const cut = (latency: number, interval: number, visits: CutProfile['visits']): CutProfile => ({
  ...{ name: 'c', latency, interval, energy: 0, inFlight: 9, overlap: new OverlapBuilder().table(), visits },
});

describe('what cuts take of what they share', () => {
  test('is found again from mixes that it explains exactly', () => {
    const truth = [300, 70, 120];
    const pairs = [
      [0, 1],
      [0, 2],
    ] as const;
    const mixes = pairs.flatMap((cuts) =>
      MIXES.map((round): MeasuredMix => {
        const queries = round[0] + round[1];
        const interval = (round[0] * truth[cuts[0]]! + round[1] * truth[cuts[1]]!) / queries;
        return { cuts, round, interval };
      }),
    );
    sharedWork(3, mixes).forEach((work, index) => expect(work).toBeCloseTo(truth[index]!, 6));
  });

  test('is nothing where a cut was in no mix', () => {
    expect(sharedWork(2, [])).toEqual([0, 0]);
  });
});

describe('stations that cuts share', () => {
  test('are taken one query after the other: what another cut left undone is waited for', () => {
    const mixed = new MixedCuts(1);
    const [slow, quick] = [
      cut(900, 300, [{ station: 0, work: 300 }]),
      cut(400, 100, [{ station: 0, work: 100 }]),
    ];
    expect(mixed.wait(0, slow, 0)).toBe(0);
    mixed.enter(0, slow, 0);
    // A cut by itself waits by its own pace.
    expect(mixed.wait(0, slow, 50)).toBe(0);
    expect(mixed.wait(1, quick, 50)).toBe(250);
    mixed.enter(1, quick, 50);
    expect(mixed.wait(0, slow, 100)).toBe(300);
    expect(mixed.wait(1, quick, 100)).toBe(300);
    // All is done at 400.
    expect(mixed.wait(0, slow, 400)).toBe(0);
  });

  test('have no more to do than those in flight ask for', () => {
    const mixed = new MixedCuts(1);
    const [one, other] = [
      cut(900, 300, [{ station: 0, work: 300 }]),
      cut(400, 100, [{ station: 0, work: 100 }]),
    ];
    mixed.enter(0, one, 0);
    mixed.enter(0, one, 0);
    expect(mixed.wait(1, other, 0)).toBe(600);
    mixed.leave(one);
    expect(mixed.wait(1, other, 0)).toBe(300);
  });

  test('that stand for one cut beside the others count while it is there', () => {
    const mixed = new MixedCuts(1);
    const visits = (work: number) => [{ station: 0, work, beside: 2 }];
    const [first, second, third] = [300, 200, 100].map((work) => cut(900, 300, visits(work))) as [
      CutProfile,
      CutProfile,
      CutProfile,
    ];
    mixed.enter(0, first, 0);
    expect(mixed.wait(1, second, 0)).toBe(0);
    expect(mixed.wait(2, third, 0)).toBe(300);
    mixed.enter(2, third, 0);
    expect(mixed.wait(1, second, 0)).toBe(400);
  });
});

test('a query of a quick cut is answered before a slow one that entered earlier', () => {
  const cuts = [cut(900, 300, [{ station: 0, work: 300 }]), cut(400, 100, [{ station: 0, work: 100 }])];
  const device = new ProfileDevice([{ name: 'm', cuts }], 1);
  device.enter(10, 0, 0, 0);
  device.enter(11, 0, 1, 100);
  // 200 ticks of the slow one's work are still to do.
  expect(device.estimate(0, 1, 100)).toBe(400 + 300);
  expect([device.nextAnswer(1e6), device.answeredAt]).toEqual([11, 100 + 400 + 200]);
  expect([device.nextAnswer(1e6), device.answeredAt]).toEqual([10, 900]);
});

const CUTS = ['digital', 'suffix:5', 'analog'];
/** Share that the mean and the 99th percentile of the profile may be off: mixes are told less well than single cuts. */
const ALLOWED = 0.12;
const QUERIES = 150;

describe('cuts of VGG-8 in turns', async () => {
  const { profiles, stations, most, cycle, models } = await cycleSystem('vgg8', CUTS);

  /** Latencies, ascending, of queries that come at random while the cuts take turns. */
  const played = (device: Device, mix: readonly number[], load: number): readonly number[] => {
    const work = stations.map((_, station) =>
      mix.reduce((sum, one) => sum + models[0]!.cuts[one]!.work[station]! / mix.length, 0),
    );
    const random = new RandomStream(5, 7);
    let time = 0;
    const arrivals = Array.from({ length: QUERIES }, () => {
      time += (random.exponential() * Math.max(...work)) / load;
      return Math.round(time * 1e12);
    });
    const inFlight = CUTS.map(() => 0);
    const latencies: number[] = [];
    let [next, came] = [0, 0];
    const start = (now: number) => {
      for (; next < came; next++) {
        const one = mix[next % mix.length]!;
        if (inFlight[one]! >= most[0]![one]!) return;
        device.enter(next, 0, one, now);
        inFlight[one]! += 1;
      }
    };
    while (latencies.length < QUERIES) {
      const answer = device.nextAnswer(arrivals[came] ?? Number.MAX_SAFE_INTEGER);
      if (answer < 0) {
        start(arrivals[came++]!);
        start(arrivals[came - 1]!);
        continue;
      }
      latencies.push(device.answeredAt - arrivals[answer]!);
      inFlight[mix[answer % mix.length]!]! -= 1;
      start(device.answeredAt);
    }
    return latencies.sort((a, b) => a - b);
  };

  test.each([
    { mix: [0, 2], load: 0.3 },
    { mix: [0, 2], load: 0.6 },
    { mix: [0, 2], load: 0.85 },
    { mix: [0, 1], load: 0.85 },
    { mix: [0, 2, 2, 2], load: 0.6 },
    { mix: [1, 2], load: 0.6 },
    { mix: [1, 2], load: 0.85 },
  ])('$mix at $load of what the stations can take', ({ mix, load }) => {
    const stationCount = stations.length;
    const profile = played(new ProfileDevice(profiles, stationCount), mix, load);
    const chip = new CycleDevice(cycle!, taskPolicies.parts[0]!, profiles, stationCount);
    const machine = played(chip, mix, load);
    const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
    const p99 = (all: readonly number[]) => all[Math.floor(0.99 * all.length)]!;
    const off = { mean: mean(profile) / mean(machine) - 1, p99: p99(profile) / p99(machine) - 1 };
    expect(Math.abs(off.mean)).toBeLessThan(ALLOWED);
    expect(Math.abs(off.p99)).toBeLessThan(ALLOWED);
  });
});
