import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { type MachineRun, playSchedule } from '../../src/machine/machine.ts';
import { leastCapacities } from '../../src/mapping/line-buffers.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { handSchedule, tickChip } from './hand-schedule.ts';
import { graphs } from './random-graphs.ts';
import {
  type ChipShape,
  chipOf,
  chips,
  type NetworkShape,
  networkOf,
  networks,
  planOf,
  policyNames,
  splits,
} from './random-networks.ts';

/** Two cores of a tile, idle for unequal times: which of them comes next must not hang on that. */
const IDLE_CORES: [NetworkShape, ChipShape, 'even', string, number] = [
  {
    side: 9,
    steps: [{ kind: 'conv', outputs: 4, kernel: 3, stride: 1, pad: 1 }, { kind: 'pool' }],
    ...{ head: false, before: 1 },
  },
  {
    ...{ tiles: 2, analogCores: 11, crossbars: 2, digitalCores: 2, rows: 12, converters: 4 },
    ...{
      sharedBy: 'crossbar',
      inputSliceBits: 2,
      buffer: 16e9,
      bufferCapacity: 400,
      link: 1e12,
      memory: 1e9,
    },
    ...{
      type: 'bus',
      sampleRate: 1e8,
      count: 2,
      accumulators: 'vectorUnit',
      cycle: 0,
      weights: 1 << 20,
      batch: 0,
    },
  },
  'even',
  'oldest-inference',
  6,
];

describe('passing over inferences that repeat', () => {
  test('gives what playing each of them gives', () => {
    const tally = { found: 0, plays: 0, long: 0 };
    fc.assert(
      fc.property(
        networks,
        chips,
        splits,
        policyNames,
        fc.integer({ min: 1, max: 60 }),
        (shape, chip, split, policy, inferences) => {
          const spec = chipOf(chip);
          const schedule = planOf(networkOf(shape), spec, split);
          fc.pre(schedule !== undefined);
          const run = sameBothWays(schedule, spec, policy, inferences);
          tally.plays += 1;
          if (run.period !== undefined) tally.found += 1;
          if ((run.period?.inferences ?? 1) > 1) tally.long += 1;
        },
      ),
      { numRuns: 60, examples: [IDLE_CORES] },
    );
    // Most streams settle, and some to a rhythm of several inferences.
    expect(tally.found).toBeGreaterThan(tally.plays / 3);
    expect(tally.long).toBeGreaterThan(0);
  });

  test('over a thousand inferences too, of which hardly any is played', () => {
    let [plays, few] = [0, 0];
    fc.assert(
      fc.property(networks, chips, policyNames, (shape, chip, policy) => {
        const spec = chipOf(chip);
        const small = { ...shape, side: Math.min(shape.side, 5), steps: shape.steps.slice(0, 3) };
        const schedule = planOf(networkOf(small), spec, 'all');
        fc.pre(schedule !== undefined);
        const run = sameBothWays(schedule, spec, policy, 1000);
        plays += 1;
        if (1000 - run.repeated < 100) few += 1;
      }),
      { numRuns: 15 },
    );
    expect(few).toBeGreaterThan(plays / 5);
  });

  test('also where times are a few ticks and much coincides', () => {
    const tally = { found: 0, plays: 0, long: 0 };
    fc.assert(
      fc.property(
        graphs({ joins: true, bare: false }),
        fc.integer({ min: 0, max: 4 }),
        fc.nat({ max: 2 }),
        policyNames,
        fc.integer({ min: 1, max: 80 }),
        (stages, more, hop, policy, inferences) => {
          const least = leastCapacities(stages, stages.length - 1);
          const roomy = stages.map((stage, index) => ({
            ...stage,
            capacity: least[index]! + more,
          }));
          const run = sameBothWays(
            handSchedule(roomy, stages.length - 1, 3),
            tickChip(4, { tile: { analogCores: 1, digitalCores: 2, buffer: tickChip(1).tile.buffer } }, hop),
            policy,
            inferences,
          );
          tally.plays += 1;
          if (run.period !== undefined) tally.found += 1;
          if ((run.period?.inferences ?? 1) > 1) tally.long += 1;
        },
      ),
      { numRuns: 120 },
    );
    // Most streams settle, and some to a rhythm of several inferences.
    expect(tally.found).toBeGreaterThan(tally.plays / 3);
    expect(tally.long).toBeGreaterThan(0);
  });

  // After a period all is as it was, beginnings of cycles too, so it takes whole cycles; and a port that is never idle takes
  // W ticks for an inference. Hence cycle / gcd(cycle, W) inferences at least, none of which is like another.
  test('takes at least as many inferences as bring a full port back into step with the tiles', () => {
    const cycle = 100_000;
    const tally = { plays: 0, full: 0, long: 0 };
    fc.assert(
      fc.property(networks, chips, fc.constantFrom(1.28e6, 1.6e6, 0.64e6), (shape, chip, memory) => {
        const spec = chipOf({ ...chip, memory, cycle, batch: 0 });
        const schedule = planOf(networkOf(shape), spec, 'all');
        fc.pre(schedule !== undefined);
        const table = actionTable(inventory(spec));
        const play = (inferences: number) => {
          const sink = new EnergyLedger(table, schedule.stages.length);
          return playSchedule(schedule, spec, table, {
            inferences,
            taskPolicy: taskPolicies.parts[0]!,
            sink,
          });
        };
        const { period } = play(200);
        tally.plays += 1;
        if (period === undefined) return;
        expect(period.ticks % cycle).toBe(0);
        const work = play(1).occupancy.find(({ resource }) => resource === 'memoryPort')!.busy;
        expect(period.ticks).toBeGreaterThanOrEqual(period.inferences * work);
        if (period.ticks > period.inferences * work) return;
        tally.full += 1;
        const least = cycle / greatestCommonDivisor(cycle, work);
        expect(period.inferences % least).toBe(0);
        if (least > 1) tally.long += 1;
      }),
      { numRuns: 60, seed: 4 },
    );
    expect(tally.full).toBeGreaterThan(tally.plays / 4);
    expect(tally.long).toBeGreaterThan(5);
  });
});

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sameBothWays(
  schedule: Schedule,
  spec: ArchitectureSpec,
  policy: string,
  inferences: number,
): MachineRun {
  const table = actionTable(inventory(spec));
  const play = (fastForward: boolean) => {
    const sink = new WholeCounts(table, schedule.stages.length);
    const run = playSchedule(schedule, spec, table, {
      ...{ inferences, taskPolicy: taskPolicies.get(policy), sink, fastForward },
    });
    return { run, sink };
  };
  const [short, full] = [play(true), play(false)];
  expect(short.run.completions).toEqual(full.run.completions);
  expect(short.run.elapsed).toBe(full.run.elapsed);
  expect(short.run.waits).toEqual(full.run.waits);
  expect(short.run.occupancy).toEqual(full.run.occupancy);
  const differing = schedule.stages.flatMap(({ index, name }) =>
    table.actions.flatMap((action, number) => {
      const [a, b] = [short.sink.countOf(number, index), full.sink.countOf(number, index)];
      // Shares of bytes are no whole numbers: adding them up in another order may change the last bits.
      const tolerance = full.sink.broken.has(`${number} ${index}`) ? inferences * 1e-14 * b : 0;
      return Math.abs(a - b) <= tolerance ? [] : [`${name}: ${action.name} ${a} not ${b}`];
    }),
  );
  expect(differing).toEqual([]);
  return short.run;
}

/** An energy ledger that knows which of its counts are sums of whole numbers. */
class WholeCounts extends EnergyLedger {
  /** Action and stage of the others. */
  readonly broken = new Set<string>();

  override record(
    action: number,
    unit: number,
    count: number,
    start: number,
    end: number,
    stage: number,
  ): void {
    if (!Number.isInteger(count)) this.broken.add(`${action} ${stage}`);
    super.record(action, unit, count, start, end, stage);
  }
}
