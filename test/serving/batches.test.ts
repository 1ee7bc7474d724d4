import { describe, expect, test } from 'vitest';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { batchAnswer, batchEnergy } from '../../src/serving/batch-profile.ts';
import { CycleDevice } from '../../src/serving/cycle-device.ts';
import type { Device } from '../../src/serving/device.ts';
import { batchSizes } from '../../src/serving/measure-batches.ts';
import type { CutProfile } from '../../src/serving/profile.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';
import { serverOf } from '../../src/serving/run-job.ts';
import { cycleSystem } from './cycle-system.ts';

describe('a batch by those that were measured', () => {
  const batches = [
    { size: 2, answers: [10, 18], energy: 5 },
    { size: 4, answers: [14, 20, 30, 40], energy: 7 },
  ];

  test('is one of them, or lies on the line between two', () => {
    expect([0, 1].map((place) => batchAnswer(batches, 2, place))).toEqual([10, 18]);
    // Beyond its last answer a batch of two goes on by 8 a query.
    expect([0, 1, 2].map((place) => batchAnswer(batches, 3, place))).toEqual([12, 19, (26 + 30) / 2]);
    // Beyond the largest one at the pace of its second half: from 20 to 40 in two.
    expect([3, 4, 6].map((place) => batchAnswer(batches, 9, place))).toEqual([40, 50, 70]);
  });

  test('of a size up to some is told from the sizes up to that, or to the next one that is measured', () => {
    expect(batchSizes(4)).toEqual([2, 3, 4]);
    expect(batchSizes(17)).toEqual([...batchSizes(16), 24]);
    expect(batchSizes(100)).toEqual([...batchSizes(24), 32]);
  });

  test('costs what it was measured to cost', () => {
    const energy = (size: number) => batchEnergy(batches, size, 3);
    expect([1, 2, 3, 4, 6].map(energy)).toEqual([3, 5, 6, 7, 9]);
    expect(batchEnergy([], 5, 3)).toBe(15);
  });
});

const CUTS = {
  'mlp-relu': ['digital'],
  lenet5: ['prefix:3'],
};

describe.each(Object.entries(CUTS))('batches of %s', async (workload, cuts) => {
  const system = await cycleSystem(workload, cuts, [], true);
  const { profiles, stations, cycle } = system;

  const played = (device: Device, cut: number, size: number) => {
    for (let query = 0; query < size; query++) device.enter(query, 0, cut, 0);
    let mean = 0;
    while (device.nextAnswer(Number.MAX_SAFE_INTEGER) >= 0) mean += device.answeredAt / size;
    return { last: device.answeredAt, mean, energy: device.energy };
  };

  // Measured once more here, entered one by one as the server does; beyond 32 and between 16 and 32 the profile is an estimate.
  test.each(cuts.flatMap((cut) => [1, 3, 6, 12, 16, 24, 32].map((size) => ({ cut, size }))))(
    '$size with $cut: answered and paid as on the machine within 5 %',
    ({ cut, size }) => {
      const index = cuts.indexOf(cut);
      const machine = new CycleDevice(cycle!, taskPolicies.parts[0]!, profiles, stations.length);
      const expected = played(machine, index, size);
      const found = played(new ProfileDevice(profiles, stations.length), index, size);
      expect(Math.abs(found.last / expected.last - 1)).toBeLessThan(0.05);
      expect(Math.abs(found.mean / expected.mean - 1)).toBeLessThan(0.05);
      // One by itself costs more or less than one of a stream, of which the profile tells.
      if (size > 1) expect(Math.abs(found.energy / expected.energy - 1)).toBeLessThan(0.05);
    },
  );

  test('where no rule makes batches, no larger one is read than a cut has in flight', () => {
    const rounds = (batchesOf: (cut: CutProfile) => CutProfile['batches']) => {
      const server = serverOf(
        {
          ...system,
          cycle: undefined,
          profiles: profiles.map((model) => ({
            ...model,
            cuts: model.cuts.map((cut) => ({ ...cut, batches: batchesOf(cut) })),
          })),
        },
        {
          load: {
            load: { type: 'multi-stream', samples: 32 },
            ...{ duration: 1, queries: 320, drain: true, warmUp: 0, window: 1 },
            line: { capacity: 32, full: 'reject' },
          },
          policy: { window: { type: 'static' }, request: [] },
          ...{ seed: 1, replication: 0 },
        },
      );
      while (!server.advance(1e6));
      return server.result();
    };
    const upTo = (most: number) => rounds(({ batches }) => batches!.slice(0, batchSizes(most).length));
    const [{ inFlight }] = profiles[0]!.cuts as [CutProfile];
    expect(inFlight).toBeLessThan(32);
    expect(upTo(inFlight)).toEqual(upTo(32));
    expect(upTo(inFlight - 1)).not.toEqual(upTo(32));
  });
});
