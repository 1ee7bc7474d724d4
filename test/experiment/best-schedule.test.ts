import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestSchedule } from '../../src/experiment/best-schedule.ts';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { buildSchedule, type PlanChoice, planChoices, promising } from '../../src/mapping/build-schedule.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import type { AnalogStage, Schedule } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { studySchedule } from '../../src/experiment/studied-schedule.ts';
import { chipOf, chips, networkOf, networks } from '../machine/random-networks.ts';
import { NetworkDraft } from '../numerics/sample-networks.ts';

const analog = (lowered: LoweredNetwork) => partitionFrom('analog', lowered.candidates);

async function intervalOf(
  schedule: Schedule,
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
): Promise<number> {
  const table = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.parts[0]!;
  return (await studySchedule({ schedule, lowered, spec, table, taskPolicy, inferences: 32 }))
    .initiationInterval;
}

const promise = (estimate: number, fits = true): PlanChoice => ({
  ...{ estimate, fits, crossbars: 1, tasks: 1 },
  build: () => {
    throw new Error('not built');
  },
});

describe('the plan of a partition', () => {
  test('without a play it is the plain one, unless buffers hold another and its bound is less than two thirds', () => {
    const plain = promise(3);
    expect(promising([plain])).toBe(plain);
    expect(promising([plain, promise(2)])).toBe(plain);
    expect(promising([plain, promise(1, false)])).toBe(plain);
    const clearly = promise(1.99);
    expect(promising([plain, clearly])).toBe(clearly);
    expect(promising([promise(3, false), clearly])).toBe(clearly);
    const neither = promise(1, false);
    expect(promising([promise(3, false), neither])).toBe(neither);
  });

  test('the plain one has crossbars one after the other, layer by layer, and is that of serve', () => {
    fc.assert(
      fc.property(networks, chips, (network, chip) => {
        const lowered = networkOf(network);
        const plain = plainOf(lowered, chipOf({ ...chip, batch: 0 }));
        fc.pre(plain !== undefined);
        const used = plain.stages
          .filter((stage): stage is AnalogStage => stage.kind === 'analog')
          .flatMap(({ replicas }) => replicas.flatMap(({ crossbars }) => crossbars));
        expect(used).toEqual(used.map((_, index) => index));
        expect(buildSchedule(lowered, analog(lowered), chipOf({ ...chip, batch: 0 }))).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  test('is never slower than the plain one in a run of 32 inferences', async () => {
    const sample = fc.sample(fc.record({ network: networks, chip: chips }), { seed: 3, numRuns: 15 });
    let faster = 0;
    for (const { network, chip } of sample) {
      const lowered = networkOf(network);
      const spec = chipOf({ ...chip, batch: 0 });
      const plain = plainOf(lowered, spec);
      if (plain === undefined) continue;
      const best = await intervalOf(await bestSchedule(lowered, analog(lowered), spec), lowered, spec);
      const before = await intervalOf(plain, lowered, spec);
      expect(best).toBeLessThanOrEqual(before);
      if (best < before) faster += 1;
    }
    expect(faster).toBeGreaterThan(0);
  });

  test('four convolutions on isaac: less than half the interval of the plain one', async () => {
    const { value: isaac } = await readArchitecture('arch/isaac.yaml');
    const draft = new NetworkDraft([1, 4, 10, 10]);
    let last = -1;
    for (const outputs of [16, 32, 32, 64]) last = draft.conv(last, outputs, 3, { stride: 1, pad: 1 });
    const lowered = draft.lower(false);
    const best = await intervalOf(await bestSchedule(lowered, analog(lowered), isaac), lowered, isaac);
    expect(best).toBeLessThan((await intervalOf(plainOf(lowered, isaac)!, lowered, isaac)) / 2);
    // Five chips can do what one does.
    const sets = ['chip.count=5', 'chip.chipLink={bandwidth: 25.6 GB/s, latency: 100 ns, energy: 10 pJ/B}'];
    const { value: five } = await readArchitecture('arch/isaac.yaml', sets);
    const spread = await bestSchedule(lowered, analog(lowered), five);
    expect(await intervalOf(spread, lowered, five)).toBeLessThanOrEqual(best * 1.001);
  });
});

/** Undefined of what does not fit. */
function plainOf(lowered: LoweredNetwork, spec: ArchitectureSpec): Schedule | undefined {
  try {
    return planChoices(lowered, analog(lowered), spec)[0].build();
  } catch {
    return undefined;
  }
}
