import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import type { CrossbarContents } from '../../src/mapping/crossbar-contents.ts';
import { loadModels } from '../../src/load/index.ts';
import { single } from '../../src/scheduling/optimal-plan.ts';
import type { ServedModel } from '../../src/scheduling/served-model.ts';
import type { ModelPlan, WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import type { ModelProfile } from '../../src/serving/profile.ts';
import { ProfileDevice } from '../../src/serving/profile-device.ts';
import type { Residence } from '../../src/serving/replicas.ts';
import { Server } from '../../src/serving/server.ts';
import type { Weights } from '../../src/serving/weights.ts';
import { testSpec } from '../specs.ts';

/** Blocks of one layer on crossbars from a number on, each of 10 rows, 100 cells and 100 bytes, each on a core of its own. */
function contents(first: number, ...blocks: string[]): CrossbarContents {
  return new Map(
    blocks.map((block, index) => [first + index, { layer: 0, block, rows: 10, cells: 100, bytes: 100 }]),
  );
}

const US = 1e6;
/**
 * 10 rows of 100 ns: 1 µs, for 100 cells of 1 pJ; 100 bytes of 64 pJ in 100 ns, after which nobody waits: those of a first row
 * take 10 ns for each block, beside 50 ns of latency.
 */
const chip = testSpec({ chip: { tiles: 1 }, tile: { analogCores: 8 }, crossbars: 1 });
const spec = {
  ...chip,
  chip: { ...chip.chip, memory: { ...chip.chip.memory, bandwidth: 1e9 } },
  analogCore: { ...chip.analogCore!, programming: { rowTime: 1e-7, cellEnergy: 1e-12, batch: 1 } },
};
const written = { spec, table: actionTable(inventory(spec)) };
const BLOCK_ENERGY = 100e-12 + 100 * 64e-12;
const [ONE, TWO] = [1.06, 1.07];

/** A pipeline of one stage: 1 µs a query. */
const cut = (name: string) => ({
  ...{ name, latency: US, interval: US, energy: 0, inFlight: 1, overlap: new OverlapBuilder().table() },
  visits: [{ station: 0, work: US }],
});
const CUTS = ['a', 'b'];
const profile = (name: string): ModelProfile => ({ name, cuts: CUTS.map(cut) });
const model = (name: string): ServedModel => ({
  name,
  deadline: 1,
  cuts: CUTS.map((one) => ({
    name: one,
    accuracy: 1,
    latency: 1e-6,
    interval: 1e-6,
    energy: 0,
    work: [1e-6],
  })),
});

/** Plans as told, window by window (the last goes on). */
const told = (plans: readonly (readonly ModelPlan[])[]): WindowPolicy => ({
  name: 'told',
  summary: 'as the test says',
  schema: undefined as never,
  start: () => undefined,
  decide: (view) => ({ plan: plans[Math.min(view.index, plans.length - 1)]!, state: undefined }),
});

interface Setting {
  readonly residences: readonly Residence[];
  readonly placement: readonly (readonly number[])[];
  readonly devices: number;
  readonly plans: readonly (readonly ModelPlan[])[];
  /** µs at which queries come, all of model 0 unless there are two. */
  readonly arrivals: readonly number[];
  readonly models?: readonly string[];
  readonly of?: readonly number[];
  /** µs of a window. */
  readonly length?: number;
}

function serve({
  residences,
  placement,
  devices,
  plans,
  arrivals,
  models = ['m'],
  of,
  length = 10,
}: Setting) {
  const answers: { model: number; cut: number; arrival: number; answered: number }[] = [];
  const rows = {
    time: Float64Array.from(arrivals, (at) => at * 1e-6),
    model: Int16Array.from(arrivals, (_, index) => of?.[index] ?? 0),
    names: models,
    deadline: undefined,
    quality: undefined,
  };
  const load = loadModels.get('trace');
  const server = new Server({
    models: models.map(model),
    shares: models.map(() => 1),
    answers: models.map(() => undefined),
    devices: Array.from({ length: devices }, () => new ProfileDevice(models.map(profile), 1)),
    stations: ['s'],
    ...{ residences, placement },
    most: models.map(() => [1, 1]),
    line: { capacity: 100, full: 'reject' },
    window: { policy: told(plans), parameters: {}, length: length * 1e-6 },
    request: [],
    load: (random) => load.open({ type: 'trace', scale: 1, repeat: 1, rows } as never, random),
    ...{ duration: 1, queries: 1e6, drain: true, warmUp: 0, seed: 1, replication: 0, firstChip: 0 },
    onAnswer: ({ model, cut: ran, arrival, answered }) =>
      answers.push({ model, cut: ran, arrival: arrival / US, answered: answered / US }),
  });
  while (!server.advance(1e5));
  return { run: server.result(), answers };
}

const moved: Weights = {
  // Two blocks in common.
  contents: [contents(0, 'x', 'y', 'p'), contents(0, 'x', 'y', 'q')],
  moved: true,
  ...written,
};
const one: Residence = { region: { first: 0, count: 4 }, weights: moved };

describe('weights that are moved', () => {
  test('a change of cut waits for what is in flight, is programmed, and charges what differs', () => {
    const { run, answers } = serve({
      ...{ residences: [one], placement: [[0]], devices: 1 },
      plans: [[single(0)], [single(1)], [single(0)]],
      // One is in flight when the window turns at 10 µs, one comes while cells are written.
      arrivals: [0, 9.5, 10.2, 15, 25],
    });
    expect(answers).toEqual([
      { model: 0, cut: 0, arrival: 0, answered: 1 },
      { model: 0, cut: 0, arrival: 9.5, answered: 10.5 },
      // In flight until 10.5, then written, then computed.
      { model: 0, cut: 1, arrival: 10.2, answered: 11.5 + ONE },
      { model: 0, cut: 1, arrival: 15, answered: 16 },
      // Written from 20 to 21.06.
      { model: 0, cut: 0, arrival: 25, answered: 26 },
    ]);
    expect(run.programmings).toBe(2);
    expect(run.energy.programming).toBeCloseTo(2 * BLOCK_ENERGY, 18);
    // Of the window in which it happened.
    expect(run.windows[1]!.energy).toBeCloseTo(BLOCK_ENERGY, 18);
  });

  test('a plan that mixes is the cut that most of it asks for', () => {
    const mixed: ModelPlan = {
      mix: [
        { cut: 0, share: 0.4 },
        { cut: 1, share: 0.6 },
      ],
    };
    const { run, answers } = serve({
      ...{ residences: [one], placement: [[0]], devices: 1, plans: [[mixed]] },
      arrivals: [0, 2, 4],
    });
    expect(answers.map(({ cut: ran }) => ran)).toEqual([1, 1, 1]);
    expect(run.programmings).toBe(0);
  });

  test('a change that is taken back before it begins costs nothing', () => {
    const { run } = serve({
      ...{ residences: [one], placement: [[0]], devices: 1 },
      // From 10.0 µs on the other one, and from 10.4 on the first again.
      plans: Array.from({ length: 27 }, (_, window) => [single(window === 25 ? 1 : 0)]),
      // In flight from 9.9 to 10.9 µs.
      arrivals: [9.9],
      length: 0.4,
    });
    expect(run.programmings).toBe(0);
  });
});

describe('models that move', () => {
  const whole = (...blocks: string[]): Weights => ({
    contents: CUTS.map(() => contents(0, ...blocks)),
    moved: false,
    ...written,
  });
  const residences: readonly Residence[] = ['x', 'y'].map((block) => ({
    region: { first: 0, count: 2 },
    weights: whole(block, `${block}2`),
  }));
  const system = { residences, devices: 3, models: ['m', 'n'], placement: [[0], [1]] };
  const stay = single(0);
  const at = (...devices: number[]): ModelPlan => ({ ...stay, devices });

  test('are programmed where they come to, and find what nobody wrote over', () => {
    const { run, answers } = serve({
      ...system,
      plans: [
        [stay, stay],
        [at(2), stay],
        [stay, at(0)],
        [stay, at(1)],
      ],
      arrivals: [9.5, 10.1, 20.1, 30.2],
      of: [0, 0, 1, 1],
    });
    expect(answers).toEqual([
      // In flight when its model leaves the device.
      { model: 0, cut: 0, arrival: 9.5, answered: 10.5 },
      { model: 0, cut: 0, arrival: 10.1, answered: 11 + TWO },
      { model: 1, cut: 0, arrival: 20.1, answered: 21 + TWO },
      // Device 1 holds the weights still.
      { model: 1, cut: 0, arrival: 30.2, answered: 31.2 },
    ]);
    expect(run.moves).toBe(3);
    expect(run.programmings).toBe(2);
    expect(run.energy.programming).toBeCloseTo(4 * BLOCK_ENERGY, 18);
  });

  test('wait for the queries of the model whose crossbars they are to have', () => {
    const { answers } = serve({
      ...system,
      plans: [
        [stay, stay],
        [at(2), at(0)],
      ],
      arrivals: [9.5, 10.1],
      of: [0, 1],
    });
    // Device 0 is free at 10.5, written at 11.57.
    expect(answers.map(({ answered }) => answered)).toEqual([10.5, 11.5 + TWO]);
  });

  test('are never on the same crossbars', () => {
    const placement = [[0], [0]];
    expect(() => serve({ ...system, placement, plans: [], arrivals: [] })).toThrow(/crossbars in common/);
  });
});
