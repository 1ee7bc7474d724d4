import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { longestPath, routesOf } from '../../src/hardware/routes.ts';
import { programmingTicks } from '../../src/machine/idle-programming.ts';
import { buildSchedule } from '../../src/mapping/build-schedule.ts';
import { contentsOf, type LayerWrites, missingWrites } from '../../src/mapping/crossbar-contents.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { analysed, convNetwork, denseChain } from '../analysis/plays.ts';
import { playInFull, type Told, tickChip } from './hand-schedule.ts';

const ROW = 1000;
const CELL = 3e-12;
const READ_ENERGY = 7e-12;

interface Chip {
  /** Bytes a tick of the memory, its latency in ticks, and of its rows bytes and ticks. */
  readonly bandwidth?: number;
  readonly latency?: number;
  readonly rowBytes?: number;
  readonly rowMiss?: number;
  readonly batch?: number;
  readonly tiles?: number;
  readonly cores?: number;
  readonly crossbars?: number;
  readonly weightBits?: number;
}

/** Crossbars of 16 × 16 cells: 16 inputs and 8 outputs, as pairs; a word line takes 1000 ticks. */
function chip(of: Chip): ArchitectureSpec {
  const base = tickChip(of.tiles ?? 1, {}, 5);
  const spec = tickChip(
    of.tiles ?? 1,
    {
      chip: {
        ...base.chip,
        memory: {
          ...base.chip.memory,
          bandwidth: (of.bandwidth ?? 1) * 1e12,
          latency: (of.latency ?? 0) * 1e-12,
          readEnergy: READ_ENERGY,
          rowBytes: of.rowBytes ?? 0,
          rowMissTime: (of.rowMiss ?? 0) * 1e-12,
        },
      },
      tile: { analogCores: of.cores ?? 1 },
      crossbars: of.crossbars ?? 1,
      crossbar: { rows: 16, columns: 16, readTime: 0 },
      encoding: { weightBits: of.weightBits ?? 8 },
    },
    5,
  );
  const programming = { rowTime: ROW * 1e-12, cellEnergy: CELL, batch: of.batch ?? 1 };
  return { ...spec, analogCore: { ...spec.analogCore!, programming } };
}

function plan(lowered: LoweredNetwork, spec: ArchitectureSpec): Schedule {
  return buildSchedule(lowered, partitionFrom('analog', lowered.candidates), spec);
}

/** 16 inputs, 16 outputs: two blocks of 128 weights. */
const twoRounds = denseChain(16, 16);

function programs(told: readonly Told[]) {
  return told.filter(({ component, action }) => component === 'crossbar' && action === 'program');
}

function readBytes(told: readonly Told[]): number {
  return told
    .filter(({ component, action }) => component === 'memory' && action === 'read')
    .reduce((sum, { count }) => sum + count, 0);
}

describe('one crossbar, one layer of two rounds', () => {
  test('word lines wait for the weights of the first, where the memory is faster than they are', () => {
    const spec = chip({ latency: 40 });
    const { told } = playInFull(plan(twoRounds, spec), spec, 1);
    // Eight bytes, then sixteen word lines; a second time when the piece before has been stored.
    const written = programs(told);
    expect(written.map(({ start, end }) => end - start)).toEqual([16 * ROW, 16 * ROW]);
    expect(written[0]!.start).toBe(40 + 8);
    const before = told.filter(({ end }) => end <= written[1]!.start - 40 - 8);
    expect(Math.max(...before.map(({ end }) => end))).toBe(written[1]!.start - 40 - 8);
  });

  test('an inference takes, one after the other, what by hand it takes: a batch is a turn of each piece', () => {
    for (const batch of [1, 4]) {
      const spec = chip({ batch });
      const schedule = plan(twoRounds, spec);
      const { run } = playInFull(schedule, spec, 1);
      const piece = schedule.stages.find((stage) => stage.kind === 'analog')!;
      // Eight conversions of a slice; a byte takes a tick in ports and memory.
      const mvm = piece.inputSlices * 8;
      const load = 16 + 16;
      // Weights of a word line, word lines, input, sums of eight columns, those of the first piece also to memory.
      const turns = [8 + 16 * ROW + 16 + mvm + 2 * 32, 8 + 16 * ROW + 16 + mvm + 32];
      // Sums from memory and buffer side by side, scaled, written; read once more and stored.
      const scale = 32 + 2 * 16 + 16;
      expect(run.completions[0]).toBe(load + turns[0]! + turns[1]! + scale + 2 * 16);
    }
  });

  test('the last word line waits for the last weights, where the memory is slower', () => {
    const spec = chip({ bandwidth: 1 / 256, latency: 40 });
    const { told, run } = playInFull(plan(twoRounds, spec), spec, 1);
    const reading = 128 * 256;
    const [first] = programs(told);
    // Told as if written as late as possible, the last one apart.
    expect(first!.start).toBe(40 + reading + ROW - 16 * ROW);
    expect(programs(told)[1]).toMatchObject({ start: 40 + reading, end: 40 + reading + ROW });
    const waited = run.waits.find(({ resource }) => resource === 'weightsFromMemory')!;
    // Both pieces, for all but the time in which word lines are written.
    expect(waited.ticks).toBe(reading + 40 + ROW - 16 * ROW);
  });

  test('batches of one and of four: the weights are read once a batch, each of its bits for its energy', async () => {
    for (const [batch, inferences] of [
      [1, 2],
      [4, 8],
    ] as const) {
      const spec = chip({ batch, latency: 40 });
      const { told } = playInFull(plan(twoRounds, spec), spec, inferences);
      // The input is read once into the buffer and once by the second piece, then the sums of the first.
      const activations = inferences * (2 * 16 + 32);
      expect(readBytes(told)).toBe(activations + 2 * 256);
      const { studied, energy } = await analysed(twoRounds, spec, 'analog', inferences);
      const read = (2 * 16 + 32 + 256 / batch) * READ_ENERGY;
      const memory = energy.byComponent.find(({ component }) => component === 'memory')!.dynamic;
      expect(memory - (16 + 32) * spec.chip.memory.writeEnergy).toBeCloseTo(read, 20);
      // From one batch to the next, word lines and the weights of the first two; what an inference takes beside is there for nothing.
      const fast = {
        ...spec,
        analogCore: { ...spec.analogCore!, programming: { ...spec.analogCore!.programming!, rowTime: 0 } },
      };
      const { studied: unwritten } = await analysed(twoRounds, fast, 'analog', inferences);
      const saved = (studied.initiationInterval - unwritten.initiationInterval) * 1e12 * batch;
      expect(Math.round(saved)).toBe(2 * (16 * ROW + 8 - 128));
    }
  });

  test('weights of six bits are read as six bits', () => {
    const spec = chip({ weightBits: 6 });
    const { told } = playInFull(plan(twoRounds, spec), spec, 1);
    const eight = playInFull(plan(twoRounds, chip({})), chip({}), 1);
    expect(readBytes(eight.told) - readBytes(told)).toBe((256 * 2) / 8);
  });

  test('rows of the memory are opened, in time and count', () => {
    const spec = chip({ rowBytes: 50, rowMiss: 160 });
    const { told } = playInFull(plan(twoRounds, spec), spec, 1);
    const [first] = programs(told);
    // 128 bytes lie in three rows: 128 + 3 · 160 ticks for 16 word lines.
    expect(first!.start).toBe((128 + 3 * 160) / 16);
    const opened = told.filter(({ action, stage }) => action === 'open' && stage === first!.stage);
    expect(opened[0]!.count).toBe(3);
  });
});

describe('two layers and one memory', () => {
  // Two layers on two crossbars a turn, each crossbar a core of its own; the third comes after.
  const network = denseChain(16, 8, 8, 8);

  test('the second waits for the port while the first is read, and is told so', () => {
    const spec = chip({ bandwidth: 1 / 256, cores: 2 });
    const schedule = plan(network, spec);
    expect(schedule.parts).toHaveLength(2);
    const { run, told } = playInFull(schedule, spec, 1);
    const [a, b] = schedule.parts[0]!.cells.map(({ stage }) => stage) as [number, number];
    const [first, second] = [128 * 256, 64 * 256];
    const end = (stage: number) =>
      Math.max(...programs(told).flatMap((one) => (one.stage === stage ? [one.end] : [])));
    expect(end(a)).toBe(first + ROW);
    expect(end(b)).toBe(first + second + ROW);
    const port = run.waits.find(
      ({ resource, waiter, holder }) => resource === 'memoryPort' && waiter === b && holder === a,
    );
    expect(port!.ticks).toBe(first);
    // The layer that is done last holds its part up: all but its eight word lines.
    const held = run.waits.filter(({ resource, holder }) => resource === 'weightsFromMemory' && holder === b);
    expect(held.map(({ waiter }) => waiter)).toContain(a);
    for (const { ticks } of held) expect(ticks).toBe(first + second + ROW - 8 * ROW);
  });

  test('of one core, one is written after the other', () => {
    const spec = chip({ crossbars: 2 });
    const schedule = plan(network, spec);
    const { told } = playInFull(schedule, spec, 1);
    const [first, second] = programs(told);
    expect([first!.start, first!.end]).toEqual([8, 8 + 16 * ROW]);
    expect([second!.start, second!.end]).toEqual([first!.end, first!.end + 8 * ROW]);
  });
});

describe('copies and links', () => {
  test('what several copies hold is read once, and passes a link once', () => {
    const table = (spec: ArchitectureSpec) => actionTable(inventory(spec));
    const spec = chip({ tiles: 3, cores: 1, latency: 40 });
    // One block on the crossbars of all three tiles in a row, another on the last.
    const layer: LayerWrites = [
      { rows: 16, cells: 256, bytes: 128, crossbars: [0, 1, 2] },
      { rows: 16, cells: 256, bytes: 64, crossbars: [2] },
    ];
    const numbered = table(spec);
    const counts = new Map<string, number>();
    const ticks = programmingTicks([layer], spec, numbered, {
      record: (action, unit, count) => {
        const { component, name } = numbered.actions[action]!;
        const key = `${numbered.components[component]!.name} ${name} ${name === 'hop' ? unit : ''}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      },
    });
    expect(counts.get('memory read ')).toBe(192);
    expect(counts.get('crossbar program ')).toBe(4 * 256);
    const routes = routesOf(spec);
    const path = new Int32Array(longestPath(spec.chip.tiles));
    const passed = new Map<string, number>();
    for (const { bytes, crossbars } of layer) {
      const links = crossbars.flatMap((tile) => [...path.subarray(0, routes.path(0, tile, path))]);
      for (const link of new Set(links)) {
        const key = `interconnect hop ${link}`;
        passed.set(key, (passed.get(key) ?? 0) + bytes);
      }
    }
    expect(passed.size).toBeGreaterThan(1);
    for (const [key, bytes] of passed) expect(counts.get(key), key).toBeCloseTo(bytes, 9);
    // 32 rows on the last tile, on one crossbar after the other, behind latency, two routers at most and a 32nd of the bytes.
    expect(ticks).toBeGreaterThanOrEqual(40 + 5 + 192 / 32 + 32 * ROW);
    expect(ticks).toBeLessThanOrEqual(40 + 10 + 192 / 32 + 32 * ROW);
  });

  test('a chip with weights that move charges what a turn charges', () => {
    for (const bandwidth of [1, 1 / 64, 1 / 1024]) {
      const spec = chip({ tiles: 2, cores: 2, crossbars: 3, bandwidth, latency: 40 });
      const schedule = plan(denseChain(48, 16, 48, 48), spec);
      const { told } = playInFull(schedule, spec, 1);
      const part = schedule.parts[0]!.cells.map(({ stage }) => stage);
      const turn = Math.max(
        ...programs(told).flatMap(({ stage, end }) => (part.includes(stage) ? [end] : [])),
      );
      const table = actionTable(inventory(spec));
      const contents = contentsOf(
        { ...schedule, stages: part.map((stage) => schedule.stages[stage]!) },
        spec,
      );
      const ticks = programmingTicks(
        missingWrites(contents, () => false),
        spec,
        table,
        { record: () => undefined },
      );
      expect(ticks).toBe(turn);
    }
  });
});

describe('the closed form', () => {
  test('is what word line after word line takes, on every core', () => {
    const layers = fc.array(
      fc.array(fc.record({ core: fc.integer({ min: 0, max: 3 }), rows: fc.integer({ min: 1, max: 16 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      { minLength: 1, maxLength: 4 },
    );
    let slow = 0;
    fc.assert(
      fc.property(layers, fc.integer({ min: 0, max: 12 }), (made, pace) => {
        // Long against a tick, to which the weights of the first word line are rounded up.
        const byte = 720_720;
        const row = (byte * 2 ** 12) / 2 ** pace;
        const base = chip({ cores: 4, crossbars: 32, bandwidth: 1 / byte });
        const programming = { rowTime: row * 1e-12, cellEnergy: 0, batch: 1 };
        const spec = { ...base, analogCore: { ...base.analogCore!, programming } };
        const used = [0, 0, 0, 0];
        const written: LayerWrites[] = made.map((blocks) =>
          blocks.map(({ core, rows }) => ({
            ...{ rows, cells: rows, bytes: rows, crossbars: [core * 32 + used[core]!++] },
          })),
        );
        const table = actionTable(inventory(spec));
        const ticks = programmingTicks(written, spec, table, { record: () => undefined });

        const free = [0, 0, 0, 0];
        let read = 0;
        for (const blocks of made) {
          const bytes = blocks.reduce((sum, { rows }) => sum + rows, 0);
          for (let core = 0; core < 4; core++) {
            const rows = blocks.reduce((sum, one) => sum + (one.core === core ? one.rows : 0), 0);
            for (let line = 1; line <= rows; line++) {
              const there = read + (bytes * byte * line) / rows;
              free[core] = Math.max(free[core]!, there) + row;
            }
          }
          read += bytes * byte;
        }
        const expected = Math.max(...free);
        // That may add a tick a layer.
        expect(Math.abs(ticks - expected)).toBeLessThanOrEqual(made.length);
        if (read + row >= expected) slow += 1;
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(slow).toBeGreaterThan(20);
    expect(slow).toBeLessThan(280);
  });
});

describe('the report', () => {
  test('names programming on the critical path from the first turn on, and among the busiest', async () => {
    const spec = chip({ latency: 40 });
    const { analysis, studied } = await analysed(twoRounds, spec, 'analog', 1);
    const { parts, latency } = analysis.criticalPath;
    const time = (part: string) =>
      Math.round(parts.reduce((sum, one) => sum + (one.part === part ? one.time : 0), 0) * 1e12);
    expect(time('programming')).toBe(2 * 16 * ROW);
    expect(time('waiting')).toBe(0);
    expect(latency).toBeCloseTo(studied.ticks.latency * 1e-12, 18);
    expect(analysis.bottleneck).toMatchObject({ resource: 'programming', unit: 'programming' });
    expect(Math.round(analysis.bottleneck!.load * 1e12)).toBe(2 * 16 * ROW);
  });

  test('names the memory where it holds programming up', async () => {
    const spec = chip({ bandwidth: 1 / 256, latency: 40 });
    const { analysis } = await analysed(twoRounds, spec, 'analog', 1);
    const { parts } = analysis.criticalPath;
    const time = (part: string) =>
      Math.round(parts.reduce((sum, one) => sum + (one.part === part ? one.time : 0), 0) * 1e12);
    // The last word line of each turn, behind all weights.
    expect(time('programming')).toBe(2 * ROW);
    expect(time('memory reads')).toBeGreaterThanOrEqual(256 * 256);
    expect(analysis.bottleneck!.resource).toBe('memoryPort');
    expect(analysis.stalls.map(({ resource }) => resource)).toContain('weightsFromMemory');
  });

  test('pieces of the path still add up on chips of several tiles', async () => {
    for (const [bandwidth, link] of [
      [1 / 64, 1],
      [1, 1 / 64],
    ] as const) {
      const base = chip({ tiles: 4, cores: 1, crossbars: 4, bandwidth, latency: 40 });
      const interconnect = { ...base.chip.interconnect, linkBandwidth: link * 1e12 };
      const spec = { ...base, chip: { ...base.chip, interconnect } };
      const { analysis, studied, schedule } = await analysed(convNetwork(), spec, 'analog', 1);
      expect(schedule.parts.length).toBeGreaterThan(1);
      const { parts } = analysis.criticalPath;
      const sum = (of: (part: string) => boolean) =>
        Math.round(parts.reduce((total, { part, time }) => total + (of(part) ? time : 0), 0) * 1e12);
      expect(sum(() => true)).toBe(studied.ticks.latency);
      expect(sum((part) => part === 'waiting')).toBeLessThan(0.001 * studied.ticks.latency);
      expect(sum((part) => part === 'programming')).toBeGreaterThan(0);
    }
  });
});
