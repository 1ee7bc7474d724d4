import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { type MachineRun, playSchedule } from '../../src/machine/machine.ts';
import { leastCapacities } from '../../src/mapping/line-buffers.ts';
import type { DigitalStage, Schedule, Stage } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { sarAdc, testSpec } from '../specs.ts';
import { handSchedule, loadStage, mvmStage, oneByOne, tickChip } from './hand-schedule.ts';
import { graphs } from './random-graphs.ts';
import { networkOf, networks, planOf } from './random-networks.ts';

/**
 * A better part does not always give a better chip: where several wait for one core, port or link, an earlier arrival may
 * take it just before somebody more urgent comes (Graham, "Bounds on multiprocessing timing anomalies", 1969). So it is
 * held where that cannot be: where nothing is shared, tick for tick; where what is shared takes a tick, but for those ticks.
 */
describe('a better part', () => {
  test('may do harm where a digital core is shared: crossbars twice as fast take the chip from 212 ticks to 307', () => {
    // A (100 ticks) and B (1 tick, then 200 on crossbars) share a core; the answer needs both. B is ready at 11, A at 12 – or,
    // with faster crossbars before it, at 6, and B waits until 106.
    const elapsed = (before: number) => {
      const shape = { tasks: 1, capacity: 2 };
      const digital = (index: number, from: number, time: number): DigitalStage => ({
        ...{
          ...loadStage(index, { ...shape, sources: [oneByOne(from, 1)] }),
          kind: 'digital',
          product: undefined,
        },
        ...{ operationsPerPosition: time, chargedPerPosition: time },
      });
      const mvm = (index: number, time: number, ...from: number[]) =>
        mvmStage(index, {
          ...{ ...shape, time, crossbars: [index], sources: from.map((stage) => oneByOne(stage, 1)) },
        });
      const stages = [
        ...[loadStage(0, shape), mvm(1, before, 0), mvm(2, 11, 0)],
        ...[digital(3, 1, 100), digital(4, 2, 1), mvm(5, 200, 4), mvm(6, 0, 3, 5)],
      ];
      return play(handSchedule(stages, 6), tickChip(1, { crossbars: 7 }), 1).elapsed;
    };
    expect([elapsed(12), elapsed(6)]).toEqual([212, 307]);
  });

  const unshared = graphs({ joins: true, bare: true }).map((stages) =>
    stages.map((stage) => ({
      ...stage,
      sources: stage.sources.map((source) => ({ ...source, bytes: source.bytes.map(() => 0) })),
    })),
  );

  test('never does where nothing is shared: a faster stage, a larger buffer', () => {
    fc.assert(
      fc.property(
        unshared,
        fc.nat(),
        fc.nat(3),
        fc.integer({ min: 1, max: 4 }),
        (bare, which, more, inferences) => {
          const least = leastCapacities(bare, bare.length - 1);
          const chip = tickChip(bare.length);
          const stages: Stage[] = bare.map((stage, index) => ({ ...stage, capacity: least[index]! }));
          const at = which % stages.length;
          const changed = (change: (stage: Stage) => Stage) =>
            play(
              handSchedule(
                stages.map((stage, index) => (index === at ? change(stage) : stage)),
                stages.length - 1,
              ),
              ...([chip, inferences] as const),
            );
          const before = changed((stage) => stage);
          noLater(
            changed((stage) => ({
              ...stage,
              capacity: stage.capacity + more,
            })),
            before,
          );
          noLater(
            changed((stage) =>
              stage.kind === 'analog'
                ? {
                    ...stage,
                    blocks: stage.blocks.map((block) => ({
                      ...block,
                      columns: Math.floor(block.columns / 2),
                    })),
                  }
                : stage,
            ),
            before,
          );
          noLater(play(handSchedule(stages, stages.length - 1), withConverters(chip, 2), inferences), before);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('never does where nothing is shared: more copies of a layer, in one inference', () => {
    fc.assert(
      fc.property(unshared, fc.nat(), fc.integer({ min: 1, max: 4 }), (bare, which, copies) => {
        const at = which % bare.length;
        const latency = (count: number) => {
          const stages = bare.map((stage, index) =>
            index === at && stage.kind === 'analog'
              ? { ...stage, replicas: Array.from({ length: count }, () => stage.replicas[0]!) }
              : stage,
          );
          const roomy = stages.map((stage) => ({ ...stage, capacity: 2 * stage.positions }));
          return play(handSchedule(roomy, stages.length - 1), tickChip(bare.length), 1);
        };
        noLater(latency(copies + 1), latency(copies));
      }),
      { numRuns: 150 },
    );
  });

  test('everything k times as slow: every answer k times as late, whatever is shared', () => {
    fc.assert(
      fc.property(
        graphs({ joins: true, bare: false }),
        ...([
          fc.integer({ min: 2, max: 5 }),
          fc.nat({ max: 2 }),
          fc.constantFrom(...taskPolicies.names),
        ] as const),
        (bare, k, hop, policy) => {
          const least = leastCapacities(bare, bare.length - 1);
          const stages = bare.map((stage, index) => ({ ...stage, capacity: least[index]! + (index % 3) }));
          const roomy = stages.map((stage) => ({
            ...stage,
            capacity: Math.min(stage.capacity, 2 * stage.positions),
          }));
          const schedule = handSchedule(roomy, stages.length - 1, 3);
          const fast = play(schedule, slowed(1, hop), 4, policy);
          const slow = play(schedule, slowed(k, hop), 4, policy);
          expect([...slow.completions]).toEqual(
            fast.completions.reduce<number[]>((all, at) => [...all, k * at], []),
          );
          expect(slow.waits.map(({ ticks }) => ticks)).toEqual(fast.waits.map(({ ticks }) => k * ticks));
        },
      ),
      { numRuns: 150 },
    );
  });

  // A path of events through the play waits, of all that is shared, at most for as long as all of it works; without any
  // waiting the play is one of maxima and sums, which a better part only makes smaller.
  const figures: fc.Arbitrary<Figures> = fc.record({
    tiles: fc.constantFrom(2, 6, 12),
    crossbars: fc.integer({ min: 1, max: 2 }),
    rows: fc.constantFrom(12, 64),
    converters: fc.integer({ min: 1, max: 4 }),
    sampleRate: fc.constantFrom(1e8, 1e9),
    readTime: fc.constantFrom(10e-9, 100e-9),
    adders: fc.constantFrom(1, 8),
    inputSliceBits: fc.constantFrom(1, 2, 8),
  });
  type Figures = Record<
    'tiles' | 'crossbars' | 'rows' | 'converters' | 'sampleRate' | 'readTime' | 'adders' | 'inputSliceBits',
    number
  >;
  const better: Record<string, (chip: Figures) => Figures> = {
    'twice the converters': (chip) => ({ ...chip, converters: 2 * chip.converters }),
    'converters of twice the rate': (chip) => ({ ...chip, sampleRate: 2 * chip.sampleRate }),
    'crossbars of twice the speed': (chip) => ({ ...chip, readTime: chip.readTime / 2 }),
    'twice the adders': (chip) => ({ ...chip, adders: 2 * chip.adders }),
    'twice the tiles, for more copies': (chip) => ({ ...chip, tiles: 2 * chip.tiles }),
    'twice the clock of all': (chip) => ({
      ...{ ...chip, sampleRate: 2 * chip.sampleRate },
      readTime: chip.readTime / 2,
    }),
  };
  const convolutions = networks.map((network) => ({
    ...network,
    steps: network.steps.filter(({ kind }) => kind === 'conv' || kind === 'relu'),
  }));
  for (const [name, change] of Object.entries(better)) {
    test(`on crossbars alone: ${name}`, () => {
      let improved = 0;
      fc.assert(
        fc.property(convolutions, figures, (network, chip) => {
          const lowered = networkOf(network);
          // Copies are fewest for the interval that they give: faster parts may need fewer, and then a first answer may be later.
          const planned = planOf(lowered, analogChip(chip), 'all');
          const [before, after] = [chip, change(chip)].map((each) => {
            const spec = analogChip(each);
            const schedule = each.tiles === chip.tiles ? planned : planOf(lowered, spec, 'all');
            return schedule === undefined ? undefined : play(schedule, spec, 12);
          });
          fc.pre(before !== undefined && after !== undefined);
          const shared = (run: MachineRun) => run.occupancy.reduce((sum, { busy }) => sum + busy, 0);
          after.completions.forEach((at, index) =>
            expect(at).toBeLessThanOrEqual(before.completions[index]! + shared(after)),
          );
          // Ticks of a ps: next to nothing.
          expect(shared(after)).toBeLessThan(0.05 * after.elapsed);
          if (after.elapsed < 0.95 * before.elapsed) improved += 1;
        }),
        { numRuns: 40, seed: 7 },
      );
      expect(improved).toBeGreaterThan(0);
    });
  }

  /** Crossbars with converters of their own; all ports, links and vector units pass anything in a tick. */
  function analogChip(chip: Figures): ArchitectureSpec {
    const base = testSpec();
    return testSpec({
      chip: {
        tiles: chip.tiles,
        interconnect: { ...base.chip.interconnect, linkBandwidth: 1e18, hopLatency: 0 },
        memory: { ...base.chip.memory, bandwidth: 1e18, latency: 0 },
      },
      tile: {
        ...{ analogCores: 2, digitalCores: 1, accumulators: 'vectorUnit' as const },
        buffer: { ...base.tile.buffer, bandwidth: 1e18 },
      },
      crossbars: chip.crossbars,
      crossbar: { rows: chip.rows, readTime: chip.readTime },
      adcBank: { count: chip.converters, adc: sarAdc(8, { sampleRate: chip.sampleRate }) as never },
      shiftAndAdd: { count: chip.adders, rate: 1e8 },
      encoding: { inputSliceBits: chip.inputSliceBits },
      digitalCore: { clock: 1e15 },
    });
  }
});

function noLater(after: MachineRun, before: MachineRun): void {
  after.completions.forEach((at, index) => expect(at).toBeLessThanOrEqual(before.completions[index]!));
}

function withConverters(spec: ArchitectureSpec, count: number): ArchitectureSpec {
  const core = spec.analogCore!;
  return { ...spec, analogCore: { ...core, adcBank: { ...core.adcBank, count } } };
}

/** Four tiles with two digital cores each, where everything takes k ticks instead of one. */
function slowed(k: number, hop: number): ArchitectureSpec {
  const base = tickChip(4);
  return tickChip(4, {
    chip: {
      tiles: 4,
      interconnect: { ...base.chip.interconnect, linkBandwidth: 1e12 / k, hopLatency: hop * k * 1e-12 },
      memory: { ...base.chip.memory, bandwidth: 1e12 / k, latency: 0 },
    },
    tile: { analogCores: 1, digitalCores: 2, buffer: { ...base.tile.buffer, bandwidth: 1e12 / k } },
    adcBank: { count: 1, adc: sarAdc(8, { sampleRate: 1e12 / k }) as never },
    digitalCore: { clock: 1e12 / k, vectorUnit: base.digitalCore!.vectorUnit },
  });
}

function play(
  schedule: Schedule,
  spec: ArchitectureSpec,
  inferences: number,
  policy = taskPolicies.names[0]!,
): MachineRun {
  return playSchedule(schedule, spec, actionTable(inventory(spec)), {
    ...{ inferences, taskPolicy: taskPolicies.get(policy), sink: { record: () => {} } },
  });
}
