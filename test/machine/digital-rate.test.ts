import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { routesOf } from '../../src/hardware/routes.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { TICKS_PER_SECOND, ticks } from '../../src/machine/ticks.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { digitalTaskCycles } from '../../src/mapping/digital-work.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import type { Partition } from '../../src/mapping/partition/partition.ts';
import { resourceLoads } from '../../src/mapping/resource-loads.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { NetworkDraft } from '../numerics/sample-networks.ts';
import { testSpec } from '../specs.ts';
import { policyNames } from './random-networks.ts';

const mlps = fc.array(fc.constantFrom(8, 24, 40, 64), { minLength: 2, maxLength: 5 });
type Widths = readonly number[];
const DIGITAL = { name: 'digital', analog: [] } as unknown as Partition;

function mlpOf(widths: Widths): LoweredNetwork {
  const draft = new NetworkDraft([1, widths[0]!]);
  let last = -1;
  widths.slice(1).forEach((outputs) => {
    last = draft.dense(last, outputs);
    last = draft.add('relu', [last]);
  });
  return draft.lower(true);
}

/** Digital cores alone, in one tile; buffer, links and memory pass anything in a tick. */
function chipOf(cores: number, capacity = 1 << 24, tiles = 1, bandwidth = 1e16) {
  const base = testSpec();
  return testSpec({
    chip: {
      tiles,
      interconnect: { ...base.chip.interconnect, linkBandwidth: bandwidth, hopLatency: 0 },
      memory: { ...base.chip.memory, bandwidth, latency: 0 },
    },
    tile: {
      ...{ analogCores: 0, digitalCores: cores },
      buffer: { ...base.tile.buffer, bandwidth, capacity },
    },
  });
}

function play(network: LoweredNetwork, spec: ReturnType<typeof chipOf>, policy: string, inferences: number) {
  const schedule = buildSchedule(network, DIGITAL, spec);
  const table = actionTable(inventory(spec));
  const ledger = new EnergyLedger(table, schedule.stages.length);
  const run = playSchedule(schedule, spec, table, {
    ...{ inferences, taskPolicy: taskPolicies.get(policy), sink: ledger },
  });
  // Ticks of each digital layer, by the closed form of its work.
  const work = schedule.stages.map((stage) => {
    if (stage.kind !== 'digital') return 0;
    expect(stage.tasks).toBe(1);
    const { mac, vector } = digitalTaskCycles(
      spec.digitalCore!,
      stage.product,
      stage.positions,
      stage.operationsPerPosition * stage.positions,
    );
    return ticks((mac + vector) / spec.digitalCore!.clock);
  });
  const counts = schedule.stages.map((_, stage) =>
    table.actions.map((_, action) => ledger.countOf(action, stage)),
  );
  return { run, schedule, counts, work: work.reduce((a, b) => a + b, 0), longest: Math.max(...work) };
}

describe('a network of one position on digital cores', () => {
  // Graham 1966: while a core idles, the oldest inference advances. So N inferences take N · work / cores, and no
  // longer than an inference by itself more, but for tasks that wait with a core which fetched them ahead: one at a time.
  test('takes work / cores an inference: as many as there are cores are in flight', () => {
    let most = 0;
    fc.assert(
      fc.property(mlps, fc.integer({ min: 1, max: 20 }), policyNames, (widths, cores, policy) => {
        const inferences = 12 * cores;
        const { run, work, longest } = play(mlpOf(widths), chipOf(cores), policy, inferences);
        const least = (inferences * work) / cores;
        // Ticks of a ps of ports.
        const passing = 1e-3 * least;
        expect(run.elapsed).toBeGreaterThanOrEqual(least);
        expect(run.elapsed).toBeLessThanOrEqual(least + work + longest + passing);
        most = Math.max(most, cores);
      }),
      { numRuns: 20 },
    );
    expect(most).toBeGreaterThan(12);
  });

  test('is no slower with more cores, and takes the same energy', () => {
    fc.assert(
      fc.property(
        mlps,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        policyNames,
        (widths, cores, more, policy) => {
          const network = mlpOf(widths);
          const few = play(network, chipOf(cores), policy, 120);
          const many = play(network, chipOf(cores + more), policy, 120);
          // A core more fetches at most one task ahead of its turn.
          expect(many.run.elapsed).toBeLessThanOrEqual(few.run.elapsed + few.work + few.longest);
          expect(many.counts).toEqual(few.counts);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('is held back by the room of its tile: two places a layer where nothing more fits', () => {
    const network = mlpOf([64, 64, 64]);
    const roomy = play(network, chipOf(16), 'fifo', 320);
    const bytes = roomy.schedule.stages.reduce((sum, stage) => sum + stage.outputBytesPerPosition, 0);
    const tight = play(network, chipOf(16, 2 * bytes), 'fifo', 320);
    expect(tight.schedule.stages.map(({ capacity }) => capacity)).toEqual([2, 2, 2]);
    // Two of a layer at a time: its time for two.
    expect(tight.run.elapsed).toBeGreaterThanOrEqual((320 / 2) * tight.longest);
    expect(roomy.run.elapsed).toBeLessThan(tight.run.elapsed / 4);
    for (const { schedule } of [tight, roomy]) {
      for (const { granted, capacity } of schedule.buffers) expect(granted).toBeLessThanOrEqual(capacity);
    }
  });

  test('spreads over the tiles until the links of the one that holds its numbers bind', () => {
    const network = mlpOf([64, 64, 64]);
    const pace = (tiles: number, bandwidth: number) => {
      const { run } = play(network, chipOf(2, 1 << 24, tiles, bandwidth), 'oldest-inference', 600);
      return run.elapsed / 600;
    };
    const [fast, slow] = [1e16, 2e8];
    expect(pace(4, fast) / pace(8, fast)).toBeGreaterThan(1.9);
    expect(pace(4, slow) / pace(8, slow)).toBeLessThan(1.5);
  });
});

describe('a network of many short tasks and a few long ones on digital cores', () => {
  // Rows of a convolution take some ten cycles, a dense layer hundreds: a row that stood in line behind it would hold up all
  // rows after it, which leave in order, while other cores idle.
  test('takes work / cores an inference: no short task stands in line behind a long one', () => {
    for (const cores of [2, 3, 4, 6]) {
      const spec = chipOf(cores);
      const draft = new NetworkDraft([1, 3, 12, 12]);
      const rows = draft.add('relu', [draft.conv(-1, 8, 3, { pad: 1 })]);
      draft.dense(draft.add('relu', [draft.dense(draft.flatten(rows), 64)]), 10);
      const schedule = buildSchedule(draft.lower(true), DIGITAL, spec);
      const { digitalCores: least } = resourceLoads(schedule, spec, routesOf(spec));
      const inferences = 60;
      const { elapsed } = playSchedule(schedule, spec, actionTable(inventory(spec)), {
        ...{ inferences, taskPolicy: taskPolicies.parts[0]!, sink: { record: () => {} } },
      });
      const interval = elapsed / TICKS_PER_SECOND / inferences;
      expect(interval).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      // Graham's bound again: filling and draining take no longer than an inference by itself on one core.
      expect(interval).toBeLessThanOrEqual(least * (1.01 + cores / inferences));
    }
  });
});
