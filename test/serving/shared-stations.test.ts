import { describe, expect, test } from 'vitest';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';
import type { CutProfile } from '../../src/serving/profile.ts';
import { SharedStations } from '../../src/serving/shared-stations.ts';

const cut = (latency: number, interval: number, ...work: number[]): CutProfile => ({
  ...{ name: 'c', latency, interval, energy: 0, inFlight: 9, overlap: new OverlapBuilder().table() },
  visits: work.map((ticks, station) => ({ station, work: ticks })),
});

describe('stations that models share', () => {
  test('are slowed down by the use of others in flight: work / (1 − Σ work / latency)', () => {
    const shared = new SharedStations(2, 3);
    const [slow, quick] = [cut(1000, 500, 100, 0), cut(400, 200, 80, 20)];
    expect(shared.enter(0, slow)).toEqual({ longer: 0, pace: 100 });
    // A tenth of station 0 is in use.
    const first = shared.enter(1, quick);
    expect(first.longer).toBeCloseTo(80 / 0.9 - 80, 9);
    expect(first.pace).toBeCloseTo(80 / 0.9, 9);
    // A tenth and a fifth of station 0, a twentieth of station 1.
    const { longer } = shared.enter(2, cut(100, 100, 10, 10));
    expect(longer).toBeCloseTo(10 / 0.7 - 10 + (10 / 0.95 - 10), 9);
    shared.leave(0, slow);
    shared.leave(1, quick);
    expect(shared.enter(2, cut(100, 100, 10, 10)).longer).toBe(0);
  });

  test('of others that ask for all of it, each model gets its equal share', () => {
    const shared = new SharedStations(1, 3);
    const busy = cut(100, 50, 50);
    for (let query = 0; query < 5; query++) shared.enter(0, busy);
    expect(shared.enter(1, busy)).toEqual({ longer: 50, pace: 100 });
    for (let query = 0; query < 5; query++) shared.enter(1, busy);
    expect(shared.enter(2, busy)).toEqual({ longer: 100, pace: 150 });
  });

  test('a model alone is told by its own pace and overlaps', () => {
    const shared = new SharedStations(1, 1);
    for (let query = 0; query < 5; query++)
      expect(shared.enter(0, cut(100, 50, 50))).toEqual({ longer: 0, pace: 0 });
  });
});

test('a short query beside long ones waits for no more than their use of its stations', () => {
  const long = cut(1_000_000, 10_000, 10_000);
  const device = new ProfileDevice(
    [
      { name: 'long', cuts: [long] },
      { name: 'short', cuts: [cut(1000, 500, 500)] },
    ],
    1,
  );
  for (let query = 0; query < 8; query++) device.enter(query, 0, 0, 10_000 * query);
  device.enter(100, 1, 0, 80_000);
  expect(device.nextAnswer(Number.MAX_SAFE_INTEGER)).toBe(100);
  // Eight queries each use a hundredth.
  expect(device.answeredAt).toBe(Math.round(80_000 + 1000 + 500 / 0.92 - 500));
  for (let query = 0; query < 8; query++) expect(device.nextAnswer(Number.MAX_SAFE_INTEGER)).toBe(query);
  expect(device.nextAnswer(Number.MAX_SAFE_INTEGER)).toBe(-1);
  expect(device.busy(0, 2_000_000)).toBe(8 * 10_000 + 500);
});
