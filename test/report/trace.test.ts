import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { activitySinks } from '../../src/machine/activity.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { TraceCounters } from '../../src/report/trace-counters.ts';
import { traceSchema, type Trace } from '../../src/report/trace-format.ts';
import { microseconds } from '../../src/report/trace-text.ts';
import type { TraceWindow } from '../../src/report/trace-subject.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { startTracing } from '../../src/experiment/tracing.ts';
import { convLowering, handNetwork, vectorLowering } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';
import { durationOf, expectSoundTrace, joules, type Slice, slicesOf, ticks } from './trace-checks.ts';

const WHOLE: TraceWindow = { from: 0, to: Number.POSITIVE_INFINITY, limit: 1_000_000 };

describe('a trace', () => {
  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 4 }),
    crossbars: fc.integer({ min: 1, max: 4 }),
    converters: fc.integer({ min: 1, max: 8 }),
    sharedBy: fc.constantFrom('core' as const, 'crossbar' as const),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    crossbarRows: fc.constantFrom(24, 64, 256),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2', 'layers:1,3'),
    inferences: fc.integer({ min: 1, max: 4 }),
  });

  test('of any play is of its format, never overlaps on a track, and holds every joule', async () => {
    await fc.assert(
      fc.asyncProperty(chips, async (chip) => {
        const spec = testSpec({
          chip: { tiles: chip.tiles },
          tile: { analogCores: 24, digitalCores: chip.digitalCores },
          crossbars: chip.crossbars,
          crossbar: { rows: chip.crossbarRows },
          adcBank: { count: chip.converters, sharedBy: chip.sharedBy },
        });
        const { trace, energy, leakage, components } = await traced(
          spec,
          chip.schedule,
          chip.inferences,
          WHOLE,
        );
        expectSoundTrace(trace);
        const slices = workOf(trace);
        const total = slices.reduce((sum, slice) => sum + slice.args.energy_pJ * 1e-12, 0);
        const queries = slicesOf(trace).filter(({ cat }) => cat === 'query');
        expect(queries.map(({ args }) => args.inference).sort()).toEqual([...Array(chip.inferences).keys()]);
        const byQuery = queries.reduce((sum, { args }) => sum + args.energy_pJ * 1e-12, 0);
        const layers = slicesOf(trace).filter(({ cat }) => cat === 'layer');
        const byLayer = layers.reduce((sum, { args }) => sum + args.energy_pJ * 1e-12, 0);
        const counted = joules(trace);
        const expected = energy.reduce((a, b) => a + b, 0);
        near(total, expected);
        near(byQuery, expected);
        near(byLayer, expected);
        expectLayersAroundTheirWork(layers, slices);
        components.forEach((name, index) => near(counted.get(name) ?? 0, energy[index]!));
        const [first] = trace.traceEvents.filter(({ ph, name }) => ph === 'C' && name === 'power (W)');
        near((first as { args: Record<string, number> }).args.leakage!, leakage);
        // A flow from each inference to each stage that computes something.
        expect(trace.otherData.leftOut).toEqual({ outsideWindow: 0, beyondLimit: 0, from: null });
        const stages = new Set(slices.filter(({ cat }) => !/buffer|link/.test(cat)).map(({ name }) => name));
        expect(trace.traceEvents.filter(({ ph }) => ph === 's')).toHaveLength(stages.size * chip.inferences);
      }),
      { numRuns: 40 },
    );
  });

  test('of a part of the time holds just the slices that meet it, and the energy inside', async () => {
    const spec = testSpec({ tile: { analogCores: 24, digitalCores: 2 } });
    const whole = (await traced(spec, 'prefix:2', 3, WHOLE)).trace;
    const end = Math.max(...slicesOf(whole).map((slice) => ticks(slice.ts) + durationOf(slice)));
    const from = Math.floor(end / 3) + 50;
    const to = Math.floor((2 * end) / 3) - 250;
    const part = (await traced(spec, 'prefix:2', 3, { ...WHOLE, from, to })).trace;
    expectSoundTrace(part);
    const meets = (slice: Slice) => ticks(slice.ts) < to && ticks(slice.ts) + durationOf(slice) > from;
    const key = ({ ts, dur, name, args }: { ts: number; dur: number; name: string; args: object }) =>
      JSON.stringify([ts, dur, name, args]);
    const inside = workOf(whole).filter(meets);
    expect(inside.length).toBeGreaterThan(10);
    expect(workOf(part).map(key).sort()).toEqual(inside.map(key).sort());
    expect(part.otherData.leftOut.outsideWindow).toBe(workOf(whole).length - inside.length);
    const clipped = inside.reduce((sum, slice) => {
      const [start, length] = [ticks(slice.ts), durationOf(slice)];
      const share = (Math.min(start + length, to) - Math.max(start, from)) / length;
      return sum + slice.args.energy_pJ * 1e-12 * share;
    }, 0);
    near(
      [...joules(part)].reduce((sum, [name, value]) => sum + (name === 'leakage' ? 0 : value), 0),
      clipped,
    );
  });

  test('with too little room is complete up to where it says that slices are missing', async () => {
    const spec = testSpec({ tile: { analogCores: 24, digitalCores: 2 } });
    const whole = workOf((await traced(spec, 'analog', 3, WHOLE)).trace);
    for (const limit of [40, 200, 500]) {
      const { trace } = await traced(spec, 'analog', 3, { ...WHOLE, limit });
      expectSoundTrace(trace);
      const { leftOut, events } = trace.otherData;
      expect(events).toBeLessThanOrEqual(limit);
      const slices = workOf(trace);
      expect(leftOut.beyondLimit).toBe(whole.length - slices.length);
      expect(leftOut.beyondLimit).toBeGreaterThan(0);
      const before = (all: typeof whole) =>
        all.filter(({ ts }) => ticks(ts) < Math.round(leftOut.from! * 1e12));
      expect(before(slices)).toHaveLength(before(whole).length);
    }
  });

  test('the deepest queue of ready tasks is never more than the digital tasks of two inferences', async () => {
    const spec = testSpec({ chip: { tiles: 1 } });
    const { trace, schedule } = await traced(spec, 'digital', 6, WHOLE);
    const depths = trace.traceEvents.flatMap((event) =>
      event.ph === 'C' && event.name === 'ready' ? [event.args.tasks!] : [],
    );
    const tasks = schedule.stages.reduce((sum, { kind, tasks }) => sum + (kind === 'digital' ? tasks : 0), 0);
    expect(Math.max(...depths)).toBeGreaterThan(0);
    expect(Math.max(...depths)).toBeLessThanOrEqual(2 * tasks);
    expect(depths.at(-1)).toBe(0);
  });

  test('times are exact to the tick', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), (tick) => {
        const text = microseconds(tick);
        expect(text).toMatch(/^\d+(\.\d{1,6})?$/);
        const [whole, rest = ''] = text.split('.');
        expect(BigInt(whole!) * 1_000_000n + BigInt(rest.padEnd(6, '0'))).toBe(BigInt(tick));
      }),
    );
  });
});

describe('counters', () => {
  test('keep sums and deepest queues while their windows grow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 50_000 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (intervals) => {
          const counters = new TraceCounters(0, Number.POSITIVE_INFINITY, 8, 1);
          intervals.forEach(([start, length], index) => counters.spread(0, index + 1, start, start + length));
          let sum = 0;
          for (let window = 0; window < counters.used; window++) sum += counters.sum(window, 0);
          near(sum, (intervals.length * (intervals.length + 1)) / 2);
          expect(counters.used).toBeLessThanOrEqual(8);
        },
      ),
    );
    const counters = new TraceCounters(0, Number.POSITIVE_INFINITY, 4, 1);
    counters.change(2, 500);
    counters.change(1, 2500);
    counters.change(-3, 2500);
    counters.change(1, 3000);
    counters.close(3500);
    expect([0, 1, 2, 3].map((window) => counters.depth(window))).toEqual([2, 2, 2, 1]);
    counters.change(-1, 7500);
    expect(counters.width).toBe(2000);
    expect([0, 1, 2, 3].map((window) => counters.depth(window))).toEqual([2, 2, 1, 1]);
  });
});

async function traced(spec: ArchitectureSpec, name: string, inferences: number, window: TraceWindow) {
  const lowered = convNetwork();
  const schedule = buildSchedule(lowered, partitionFrom(name, lowered.candidates), spec);
  const table = actionTable(inventory(spec));
  let text = '';
  const request = {
    window,
    write: (piece: string) => {
      text += piece;
      return Promise.resolve();
    },
    onSummary: () => undefined,
  };
  const tracing = startTracing(request, schedule, lowered, spec, table, inferences);
  const ledger = new EnergyLedger(table, schedule.stages.length);
  const run = playSchedule(schedule, spec, table, {
    inferences,
    taskPolicy: taskPolicies.parts[0]!,
    sink: activitySinks([ledger, tracing.sink]),
  });
  await tracing.finish(run.elapsed);
  const { components } = table;
  return {
    trace: traceSchema.parse(JSON.parse(text)),
    schedule,
    components: components.map((component) => component.name),
    energy: components.map((_, index) =>
      schedule.stages.reduce((sum, stage) => sum + ledger.energy(index, stage.index), 0),
    ),
    leakage: components.reduce((sum, { leakage, count }) => sum + leakage * count, 0),
  };
}

/** Slices of units: neither inferences nor layers. */
function workOf(trace: Trace): readonly Slice[] {
  return slicesOf(trace).filter(({ cat }) => cat !== 'query' && cat !== 'layer');
}

function expectLayersAroundTheirWork(layers: readonly Slice[], work: readonly Slice[]): void {
  const spanOf = (slices: readonly Slice[]) => ({
    start: Math.min(...slices.map(({ ts }) => ticks(ts))),
    end: Math.max(...slices.map((slice) => ticks(slice.ts) + durationOf(slice))),
  });
  const group = (slices: readonly Slice[]) => {
    const groups = new Map<string, Slice[]>();
    for (const slice of slices) {
      const key = `${slice.args.inference} ${slice.args.layer}`;
      groups.set(key, [...(groups.get(key) ?? []), slice]);
    }
    return new Map([...groups].map(([key, own]) => [key, spanOf(own)]));
  };
  expect(group(layers)).toEqual(group(work));
}

function near(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-24);
}

function convNetwork() {
  const first = convLowering({ channels: 1, height: 12, width: 12, outputs: 6, kernel: 5 });
  const second = convLowering({ channels: 6, height: 8, width: 8, outputs: 12, kernel: 3 });
  return handNetwork(
    [1, 1, 12, 12],
    [
      { name: 'conv1', lowering: first, from: [-1], outputShape: [1, 6, 8, 8] },
      { name: 'relu1', lowering: vectorLowering(64, 6 * 64), from: [0], outputShape: [1, 6, 8, 8] },
      { name: 'conv2', lowering: second, from: [1], outputShape: [1, 12, 6, 6] },
      {
        name: 'flat',
        lowering: { kind: 'view', positions: 1, required: (_i, _p, n) => n - 1 },
        from: [2],
        outputShape: [1, 432],
      },
      { name: 'fc', lowering: denseLowering({ rows: 432, columns: 10 }), from: [3], outputShape: [1, 10] },
    ],
  );
}
