import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { turnsReport } from '../../src/analysis/turns-report.ts';
import { bufferWarnings, warnings } from '../../src/analysis/warnings.ts';
import { type ArchitectureSpec, checkArchitecture } from '../../src/hardware/architecture.ts';
import type { ProgrammingSpec } from '../../src/hardware/programming/index.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { crossbarCount } from '../../src/mapping/placement.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { playInFull } from '../machine/hand-schedule.ts';
import { chipOf, chips, networkOf, networks, planOf } from '../machine/random-networks.ts';
import { testSpec } from '../specs.ts';
import { analysed, denseChain } from './plays.ts';

const PS = 1e12;
const programming = { rowTime: 1e-6, cellEnergy: 1e-12, batch: 3 };

/** One tile of so many crossbars of 16 × 16 cells: 16 inputs and 8 outputs, as pairs. */
function chip(crossbars: number, changes: Partial<ProgrammingSpec> = {}, capacity = 1 << 20) {
  const base = testSpec();
  const spec = testSpec({
    chip: { tiles: 1 },
    tile: { analogCores: 1, buffer: { ...base.tile.buffer, capacity } },
    crossbars,
    crossbar: { rows: 16, columns: 16 },
  });
  return { ...spec, analogCore: { ...spec.analogCore!, programming: { ...programming, ...changes } } };
}

function plan(lowered: LoweredNetwork, spec: ArchitectureSpec) {
  return buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
}

describe('the pace of parts that take turns', () => {
  // 64 × 40 on 8 crossbars: three parts of 128, 128 and 64 rows.
  const network = denseChain(64, 40);

  test('is that of whole batches, however many inferences are asked for', async () => {
    const spec = chip(8);
    const { run } = playInFull(plan(network, spec), spec, 30, { fastForward: false });
    const turn = run.completions[29]! - run.completions[26]!;
    // Every batch takes as long as the one before.
    for (let last = 5; last < 30; last += 3)
      expect(run.completions[last]! - run.completions[last - 3]!).toBe(turn);
    for (const asked of [1, 5, 8, 32]) {
      const { studied } = await analysed(network, spec, 'analog', asked);
      expect(Math.round(studied.initiationInterval * 3 * PS)).toBe(turn);
      expect(studied.inferences % 6).toBe(0);
    }
    expect(turn).toBeGreaterThan((128 + 128 + 64) * 1e6);
  });

  test('carries the energy of programming, a share of the batch each', async () => {
    for (const asked of [1, 8]) {
      const { energy } = await analysed(network, chip(8), 'analog', asked);
      const { energy: free } = await analysed(network, chip(8, { cellEnergy: 0 }), 'analog', asked);
      const dynamic = (of: typeof energy) =>
        of.byComponent.find(({ component }) => component === 'crossbar')!.dynamic;
      expect(dynamic(energy) - dynamic(free)).toBeCloseTo((64 * 40 * 2 * 1e-12) / 3, 20);
    }
  });
});

describe('what cells last', () => {
  test('three parts on the same crossbars: a third of the endurance in batches, at the pace of the chip', async () => {
    const spec = chip(8, { endurance: 100 });
    const { studied } = await analysed(denseChain(64, 40), spec, 'analog', 1);
    expect(studied.turns).toEqual({
      ...{ parts: 3, batch: 3, writes: 3, cells: 64 * 40 * 2, bytes: 64 * 40, programTime: 320 * 1e-6 },
      lifetime: { inferences: 33 * 3, time: 33 * 3 * studied.initiationInterval },
    });
  });

  test('is not asked where the crossbars hold the network, or the endurance is not known', () => {
    const whole = chip(20, { endurance: 100 });
    expect(turnsReport(plan(denseChain(64, 40), whole), whole, 1)).toBeNull();
    const unknown = chip(8);
    expect(turnsReport(plan(denseChain(64, 40), unknown), unknown, 1)!.lifetime).toBeNull();
  });

  test('follows a grid in which every cell counts its writes', () => {
    let several = 0;
    fc.assert(
      fc.property(networks, chips, ({ ...shape }, small) => {
        const spec = chipOf({ ...small, batch: 3, analogCores: 2 });
        const schedule = planOf(networkOf(shape), spec, 'all');
        fc.pre(schedule !== undefined && schedule.parts.length > 0);
        several += 1;
        const { rows, columns } = spec.analogCore!.crossbar;
        const written = new Uint8Array(crossbarCount(spec) * rows * columns);
        for (const stage of schedule.stages) {
          if (stage.kind !== 'analog') continue;
          for (const { crossbars } of stage.replicas) {
            stage.blocks.forEach((block, index) => {
              // Two cells of a pair side by side; groups on the diagonal.
              for (let group = 0; group < block.groups; group++) {
                for (let row = 0; row < block.rows; row++) {
                  for (let column = 0; column < 2 * block.columns; column++) {
                    const line = group * block.rows + row;
                    const bit = group * 2 * block.columns + column;
                    written[(crossbars[index]! * rows + line) * columns + bit]! += 1;
                  }
                }
              }
            });
          }
        }
        const { writes, cells, bytes } = turnsReport(schedule, spec, 1)!;
        // Of a weight two cells, and of a layer as many as there are copies.
        expect(bytes).toBe(
          schedule.stages.reduce(
            (sum, stage) => sum + (stage.kind === 'analog' ? stage.macsPerPosition : 0),
            0,
          ),
        );
        expect(writes).toBe(written.reduce((most, count) => Math.max(most, count), 0));
        expect(cells).toBe(written.reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(several).toBeGreaterThan(30);
  });

  test('is complained about only below the stated lifetime, which needs an endurance', () => {
    const complaint = (lifetime: number) => {
      const spec = chip(8, { endurance: 100, lifetime });
      const schedule = plan(denseChain(64, 40), spec);
      // 99 inferences of 1 s.
      return warnings(schedule, spec, turnsReport(schedule, spec, 1));
    };
    expect(complaint(99)).toEqual([]);
    expect(complaint(31_557_600 * 10)).toEqual([
      'cells that last 100 writes reach them after 99.0 inferences, 99.0 s at full load, before the 10.0 years of ' +
        'analogCore.programming.lifetime: raise its batch, or use more tiles or chips',
    ]);
    expect(checkArchitecture(chip(8, { lifetime: 1 })).map(({ path }) => path.join('.'))).toEqual([
      'analogCore.programming.lifetime',
    ]);
    expect(checkArchitecture(chip(8, { lifetime: 1, endurance: 1 }))).toEqual([]);
  });
});

describe('buffers', () => {
  test('one byte less than the inputs, sums and outputs of a layer is told, with tile, layer, bytes and cure', () => {
    const network = denseChain(64, 40);
    const needed = 64 + 4 * 40 + 40;
    expect(bufferWarnings(plan(network, chip(20, {}, needed)))).toEqual([]);
    expect(bufferWarnings(plan(network, chip(20, {}, needed - 1)))).toEqual([
      'the buffer of tile 0 has 263 bytes, its layers need 264 at least (a 160): they are played with that least, which holds others up; ' +
        'raise tile.buffer.capacity to 264 B or more',
    ]);
  });

  test('are for the layers of one part at a time', () => {
    const network = denseChain(16, 64, 16);
    // The first layer takes 8 crossbars, the second 8: inputs, sums and outputs of each.
    const [first, second] = [16 + 4 * 64 + 64, 4 * 16 + 16];
    expect(plan(network, chip(16)).buffers[0]!.least).toBe(first + second);
    expect(plan(network, chip(8)).buffers[0]!.least).toBe(Math.max(first, second));
  });
});
