import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { copiesWithin, crossbarCount } from '../../src/mapping/placement.ts';
import { type ProgrammedDemand, programmedCopies } from '../../src/mapping/programmed-copies.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { playInFull } from '../machine/hand-schedule.ts';
import { convLowering, handNetwork } from '../networks.ts';
import { denseLowering, testSpec } from '../specs.ts';

interface Chip {
  readonly cores: number;
  readonly crossbars: number;
  /** s of a word line. */
  readonly rowTime: number;
  readonly batch: number;
  /** B/s of the memory that weights come from. */
  readonly memory: number;
}

/** One tile; crossbars of 16 × 16 cells: 16 inputs and 8 outputs, as pairs. */
function chip({ cores, crossbars, rowTime, batch, memory }: Chip): ArchitectureSpec {
  const base = testSpec();
  const spec = testSpec({
    chip: { tiles: 1, memory: { ...base.chip.memory, bandwidth: memory } },
    tile: { analogCores: cores },
    crossbars,
    crossbar: { rows: 16, columns: 16 },
  });
  return { ...spec, analogCore: { ...spec.analogCore!, programming: { rowTime, batch, cellEnergy: 1e-12 } } };
}

/** A layer of so many blocks of 16 word lines and 8 columns: 128 bytes of weights each. */
function layer(blocks: number, positions: number, occupancy: number): ProgrammedDemand {
  const contents = Array.from({ length: blocks }, (_, index) => ({
    ...{ group: 0, groups: 1, rowStart: 16 * index, rows: 16, columnStart: 0, columns: 8, biasRows: 0 },
  }));
  return { name: 'layer', blocks, positions, occupancy, contents };
}

function copies(layers: readonly ProgrammedDemand[], spec: ArchitectureSpec): number[] {
  const region = { first: 0, count: crossbarCount(spec) };
  return programmedCopies(layers, spec, 0, region).map(({ length }) => length);
}

describe('copies of layers that are programmed for every batch', () => {
  test.each([
    // 100 and 160 µs; 50 and 320; …
    ['of one inference, on one core: not worth their word lines', {}, [1]],
    // 1600 and 160 µs, 800 and 320, 544 and 480, 400 and 640.
    ['of 16: as many as pay for theirs', { batch: 16 }, [3]],
    ['on cores of their own, written side by side', { cores: 4, crossbars: 1 }, [4]],
    // 640 µs for its 128 bytes, in which the word lines of four copies are written.
    ['of weights that take longer to come than to write', { memory: 0.2e6 }, [4]],
  ])('by hand, 100 MVMs of 1 µs and 16 word lines of 10 µs: %s', (_, changes, expected) => {
    const spec = chip({ cores: 1, crossbars: 4, rowTime: 10e-6, batch: 1, memory: 8e9, ...changes });
    expect(copies([layer(1, 100, 1e-6)], spec)).toEqual(expected);
  });

  test('never bound a batch to longer than one copy of each does, or than all that shorten an inference', () => {
    const chips = fc.record({
      cores: fc.integer({ min: 1, max: 3 }),
      crossbars: fc.integer({ min: 4, max: 8 }),
      rowTime: fc.constantFrom(0, 1e-8, 1e-7, 1e-6),
      batch: fc.constantFrom(1, 4, 16),
      memory: fc.constantFrom(1e7, 8e9),
    });
    const layers = fc.array(
      fc
        .tuple(
          fc.integer({ min: 1, max: 2 }),
          fc.integer({ min: 1, max: 100 }),
          fc.integer({ min: 1, max: 5 }),
        )
        .map(([blocks, positions, occupancy]) => layer(blocks, positions, occupancy * 1e-7)),
      { minLength: 1, maxLength: 2 },
    );
    let between = 0;
    fc.assert(
      fc.property(layers, chips, (demands, shape) => {
        const spec = chip(shape);
        const [one, all] = [demands.map(() => 1), copiesWithin(demands, crossbarCount(spec), 0)];
        const chosen = copies(demands, spec);
        const least = batchBound(demands, chosen, shape);
        expect(least).toBeLessThanOrEqual(batchBound(demands, one, shape));
        expect(least).toBeLessThanOrEqual(batchBound(demands, all, shape));
        if (String(chosen) !== String(one) && String(chosen) !== String(all)) between += 1;
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(between).toBeGreaterThan(10);
  });

  // Ports and links, which the bound leaves out, may hold the copies up; 5 % is what that came to in random networks.
  test('played: not slower than the fewest or the most copies by 5 %', () => {
    // 2 crossbars and 64 MVMs, then 24 and one: two parts on 24.
    const conv = convLowering({ channels: 1, height: 12, width: 12, outputs: 6, kernel: 5 });
    const view = {
      kind: 'view',
      positions: 1,
      required: (_i: number, _p: number, n: number) => n - 1,
    } as const;
    const lowered = handNetwork(
      [1, 1, 12, 12],
      [
        { name: 'conv', lowering: conv, from: [-1], outputShape: [1, 6, 8, 8] },
        { name: 'flat', lowering: view, from: [0], outputShape: [1, 384] },
        { name: 'fc', lowering: denseLowering({ rows: 384, columns: 8 }), from: [1], outputShape: [1, 8] },
      ],
    );
    const shape = { cores: 1, crossbars: 24, batch: 2, memory: 8e9 };
    const plan = (rowTime: number) => {
      const schedule = buildSchedule(
        lowered,
        partitionFrom('analog', lowered.candidates),
        chip({ ...shape, rowTime }),
      );
      expect(schedule.parts).toHaveLength(2);
      return schedule;
    };
    const [most, fewest] = [plan(0), plan(1)];
    const overMost = [1e-9, 1e-7, 1e-6].map((rowTime) => {
      const time = (schedule: Schedule) => {
        const { completions } = playInFull(schedule, chip({ ...shape, rowTime }), 4, {
          fastForward: false,
        }).run;
        return completions[3]! - completions[1]!;
      };
      const [own, ...others] = [plan(rowTime), most, fewest].map(time);
      expect(own!).toBeLessThanOrEqual(1.05 * Math.min(...others));
      return own! / others[0]!;
    });
    // Where a word line takes 1 µs, the copies that shorten an inference most are slower by more than a tenth.
    expect(overMost.at(-1)).toBeLessThan(0.9);
  });
});

/** s of a batch at least: weights or word lines, then MVMs; layers side by side from the first crossbar on. */
function batchBound(demands: readonly ProgrammedDemand[], copies: readonly number[], shape: Chip): number {
  const blocks = demands.flatMap(({ contents }, at) => Array.from({ length: copies[at]! }, () => contents));
  const perCore = Array.from({ length: shape.cores }, () => 0);
  blocks.flat().forEach(({ rows }, slot) => (perCore[Math.floor(slot / shape.crossbars)]! += rows));
  const bytes = demands.flatMap(({ contents }) => contents).reduce((sum, { rows }) => sum + rows * 8, 0);
  const mvms = demands.map(({ positions, occupancy }, at) => Math.ceil(positions / copies[at]!) * occupancy);
  return (
    Math.max(bytes / shape.memory, Math.max(...perCore) * shape.rowTime) + shape.batch * Math.max(...mvms)
  );
}
