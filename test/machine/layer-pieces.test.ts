import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { planWorkload } from '../../src/experiment/experiment.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { crossbarCount } from '../../src/mapping/placement.ts';
import type { AnalogStage, Schedule } from '../../src/mapping/schedule.ts';
import { ROOT } from '../cli/command.ts';
import { convLowering, handNetwork } from '../networks.ts';
import { denseLowering } from '../specs.ts';
import { playInFull, type Told, tickChip } from './hand-schedule.ts';

/** Ticks (ps) to write the cells of a word line. */
const ROW = 1000;
const CELL = 3e-12;

/** One tile of so many crossbars of 16 × 16 cells: 16 inputs and 8 outputs, as pairs. */
function chip(crossbars: number, changes: Parameters<typeof tickChip>[1] = {}): ArchitectureSpec {
  const spec = tickChip(1, { crossbars, crossbar: { rows: 16, columns: 16, readTime: 0 }, ...changes });
  const programming = { rowTime: ROW * 1e-12, cellEnergy: CELL, batch: 1 };
  return { ...spec, analogCore: { ...spec.analogCore!, programming } };
}

function dense(rows: number, columns: number): LoweredNetwork {
  const lowering = denseLowering({ rows, columns });
  return handNetwork([1, rows], [{ name: 'fc', lowering, from: [-1], outputShape: [1, columns] }]);
}

function plan(lowered: LoweredNetwork, spec: ArchitectureSpec): Schedule {
  return buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
}

function pieces({ stages }: Schedule): readonly AnalogStage[] {
  return stages.filter((stage): stage is AnalogStage => stage.kind === 'analog');
}

function count(told: readonly Told[], component: string, action: string): number {
  return told
    .filter((one) => one.component === component && one.action === action)
    .reduce((sum, one) => sum + one.count, 0);
}

describe('a layer larger than all crossbars takes turns with itself', () => {
  // 64 × 40 weights are 4 row blocks × 5 column blocks of 16 × 8.
  const network = dense(64, 40);

  /** Ticks of one inference, everything one after the other: rows, outputs and input bytes of each piece by hand. */
  const serial = (
    mvm: number,
    parts: readonly { readonly rows: number; readonly outputs: number; readonly input: number }[],
    additions: number,
  ) => {
    const [input, answer] = [64, 40];
    const last = parts.length - 1;
    const turns = parts.map(({ rows, outputs, input: read }, part) => {
      // A whole layer's sums wait in memory, but for those of the last piece.
      const store = 4 * outputs * (part === last ? 1 : 2);
      // The weights of a row are a byte for each of its 8 columns: of the first they are waited for.
      return 8 + rows * ROW + read + mvm + store;
    });
    const load = 2 * input;
    const waiting = parts.slice(0, -1).reduce((sum, { outputs }) => sum + 4 * outputs, 0);
    const scale = Math.max(waiting, 4 * parts[last]!.outputs) + 2 * 40 + additions + answer;
    return load + turns.reduce((sum, ticks) => sum + ticks, 0) + scale + 2 * answer;
  };

  test('whole columns together where the crossbars hold one: 20 blocks on 8 crossbars are pieces of 2, 2 and 1 columns', () => {
    const spec = chip(8);
    const schedule = plan(network, spec);
    const stages = pieces(schedule);
    expect(stages.map(({ blocks }) => blocks.length)).toEqual([8, 8, 4]);
    expect(stages.map(({ part }) => part)).toEqual([0, 1, 2]);
    expect(schedule.parts.map(({ rows }) => rows)).toEqual([8 * 16, 8 * 16, 4 * 16]);
    const { run, told } = playInFull(schedule, spec, 1);
    const parts = [
      { rows: 128, outputs: 16, input: 64 },
      { rows: 128, outputs: 16, input: 64 },
      { rows: 64, outputs: 8, input: 64 },
    ];
    // 8 conversions of a slice.
    const mvm = stages[0]!.inputSlices * 8;
    expect(run.completions[0]).toBe(serial(mvm, parts, 0));
    expect(count(told, 'crossbar', 'program')).toBe(64 * 40 * 2);
  });

  test('row segments where they do not: 3 crossbars for columns of 4, partial sums wait in memory and are added', () => {
    const spec = chip(3);
    const schedule = plan(network, spec);
    const stages = pieces(schedule);
    expect(stages.map(({ blocks }) => blocks.length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
    const { run, told } = playInFull(schedule, spec, 1);
    // Columns of four follow each other in threes: | 3 | 1+2 | 2+1 | 3 | 3 | 1+2 | 2 |.
    const columns = [1, 2, 2, 1, 1, 2, 1];
    const parts = columns.map((touched, part) => {
      const rows = part === 6 ? 32 : 48;
      return { rows, outputs: 8 * touched, input: rows };
    });
    const additions = 8 * (10 - 5);
    expect(run.completions[0]).toBe(serial(stages[0]!.inputSlices * 8, parts, additions));
    expect(count(told, 'crossbar', 'program')).toBe(64 * 40 * 2);
    expect(count(told, 'vectorUnit', 'operate')).toBe(2 * 40 + additions);
  });

  test('is programmed once a batch: a second inference of the batch writes no cell, a second batch all again', () => {
    const spec = chip(8);
    for (const [batch, inferences, times] of [
      [2, 2, 1],
      [2, 4, 2],
      [1, 3, 3],
    ] as const) {
      const programming = { ...spec.analogCore!.programming!, batch };
      const changed = { ...spec, analogCore: { ...spec.analogCore!, programming } };
      const { told } = playInFull(plan(network, changed), changed, inferences);
      expect(count(told, 'crossbar', 'program')).toBe(times * 64 * 40 * 2);
    }
  });

  test('the input is read from memory where it lies, and not written back there', () => {
    const spec = chip(8);
    const { told } = playInFull(plan(network, spec), spec, 1);
    // The input once to the buffer and twice to a piece, the sums of two pieces, the weights; sums of two pieces and the answer.
    expect(count(told, 'memory', 'read')).toBe(3 * 64 + 2 * 64 + 64 * 40);
    expect(count(told, 'memory', 'write')).toBe(2 * 64 + 40);
  });

  test('VGG-16 on one ISAAC: 196 row blocks × 256 column blocks of fc6 on 16,128 crossbars are 82 columns three times, and 10', async () => {
    const { value } = await readArchitecture(join(ROOT, 'arch/isaac.yaml'), [
      'analogCore.programming={rowTime: 1 us, cellEnergy: 10 pJ}',
    ]);
    const { schedule } = await planWorkload(join(ROOT, 'workloads/shapes/vgg16.yaml'), value, 'analog');
    const fc6 = pieces(schedule).filter(({ blocks }) => blocks.length % 196 === 0);
    expect(fc6.map(({ blocks }) => blocks.length / 196)).toEqual([82, 82, 82, 10]);
    expect(fc6.map(({ part }) => part)).toEqual([1, 2, 3, 4]);
    expect(schedule.parts).toHaveLength(5);
    // 138 M weights (Simonyan & Zisserman, ICLR 2015, Table 2) of 8 cells, once each but for copies.
    const weights = schedule.stages
      .filter((stage) => stage.kind === 'analog')
      .reduce(
        (sum, { blocks }) => sum + blocks.reduce((own, { rows, columns }) => own + rows * columns, 0),
        0,
      );
    expect(Math.round(weights / 1e6)).toBe(138);
    // Each of 16 bits is read once, copies or not.
    const bytes = schedule.parts.flatMap(({ cells }) => cells.map((one) => one.bytes));
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBe(2 * weights);
  });

  test('more pieces than can be played are refused', () => {
    expect(() => plan(dense(16 * 40, 8 * 30), chip(1))).toThrow(
      /layer fc would take 1200 turns on 1 crossbars/,
    );
  });
});

describe('the work of a layer in pieces', () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 90 }),
    columns: fc.integer({ min: 1, max: 60 }),
    outputs: fc.integer({ min: 1, max: 40 }),
    kernel: fc.constantFrom(1, 2, 3),
    crossbars: fc.integer({ min: 1, max: 9 }),
    accumulators: fc.constantFrom('buffer' as const, 'vectorUnit' as const),
    scheme: fc.constantFrom('differential' as const, 'offset' as const),
  });

  test('is that of the layer on a chip that holds it: drives, reads, conversions, additions, cells', () => {
    let split = 0;
    fc.assert(
      fc.property(shapes, ({ rows, columns, outputs, kernel, crossbars, accumulators, scheme }) => {
        const conv = convLowering({ channels: 4, height: 5, width: 5, outputs, kernel });
        const side = 6 - kernel;
        const lowered = handNetwork(
          [1, 4, 5, 5],
          [
            { name: 'conv', lowering: conv, from: [-1], outputShape: [1, outputs, side, side] },
            {
              ...{ name: 'flat', from: [0], outputShape: [1, outputs * side * side] },
              lowering: { kind: 'view', positions: 1, required: (_i, _p, n) => n - 1 },
            },
            {
              ...{ name: 'fc', from: [1], outputShape: [1, columns] },
              lowering: denseLowering({ rows: outputs * side * side, columns }),
            },
            {
              name: 'last',
              lowering: denseLowering({ rows: columns, columns: rows }),
              from: [2],
              outputShape: [1, rows],
            },
          ],
        );
        const offset = scheme === 'offset' ? ({ offsetRemoval: 'unitColumn' } as const) : {};
        const changes = { tile: { analogCores: 1, accumulators }, encoding: { scheme, ...offset } };
        const [small, large] = [chip(crossbars, changes), chip(4096, changes)];
        let schedule: Schedule;
        try {
          schedule = plan(lowered, small);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          return fc.pre(false);
        }
        const whole = plan(lowered, large);
        expect(whole.parts).toHaveLength(0);
        if (pieces(schedule).length > 3) split += 1;
        for (const { replicas, blocks } of pieces(schedule)) {
          expect(replicas.length * blocks.length).toBeLessThanOrEqual(crossbarCount(small));
        }
        const [a, b] = [playInFull(schedule, small, 1).told, playInFull(whole, large, 1).told];
        for (const [component, action] of [
          ['crossbar', 'read'],
          ['dacBank', 'drive'],
          ['sampleAndHold', 'sample'],
          ['adcBank', 'convert'],
          ['coreRegister', 'read'],
        ] as const) {
          expect(count(a, component, action), component).toBe(count(b, component, action));
        }
        // What is not added beside the crossbars is added by digital cores.
        const additions = (told: readonly Told[]) =>
          count(told, 'shiftAndAdd', 'add') + count(told, 'vectorUnit', 'operate');
        expect(additions(a)).toBe(additions(b));
        const macs = (one: Schedule) =>
          pieces(one).reduce((sum, stage) => sum + stage.macsPerPosition * stage.positions, 0);
        expect(macs(schedule)).toBe(macs(whole));
        const cells = pieces(schedule).reduce((sum, { blocks, replicas }) => {
          const own = blocks.reduce((cells, block) => {
            const unit = scheme === 'offset' ? 1 : 0;
            return cells + block.rows * (block.columns + unit) * (scheme === 'offset' ? 1 : 2);
          }, 0);
          return sum + own * replicas.length;
        }, 0);
        if (schedule.parts.length > 0) expect(count(a, 'crossbar', 'program')).toBe(cells);
      }),
      { numRuns: 60, seed: 4 },
    );
    expect(split).toBeGreaterThan(20);
  });
});
