import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actionTable } from '../../src/hardware/action-table.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { readNetworkToRun } from '../../src/input/workload-network.ts';
import { playSchedule } from '../../src/machine/machine.ts';
import { lowerNetwork } from '../../src/mapping/lowered-network.ts';
import { partitionFrom } from '../../src/mapping/partition/index.ts';
import { crossbarCount } from '../../src/mapping/placement.ts';
import { residentCuts } from '../../src/mapping/resident-cuts.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { EnergyLedger } from '../../src/report/energy-ledger.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { CycleDevice } from '../../src/serving/cycle-device.ts';
import { OverlapBuilder } from '../../src/serving/overlap.ts';
import type { CutProfile } from '../../src/serving/profile.ts';
import { ROOT } from '../cli/command.ts';

const CUTS = ['digital', 'prefix:2', 'analog'];
const MODELS = ['lenet5', 'mlp-relu'];
const taskPolicy = taskPolicies.parts[0]!;

const { value: spec } = await readArchitecture(join(ROOT, 'arch/hybrid-edge.yaml'), []);
const table = actionTable(inventory(spec));
const count = Math.floor(crossbarCount(spec) / MODELS.length);
const placed = await Promise.all(
  MODELS.map(async (name, model) => {
    const { network } = await readNetworkToRun(join(ROOT, `workloads/${name}.yaml`));
    const lowered = lowerNetwork(network, false);
    const partitions = CUTS.map((cut) => partitionFrom(cut, lowered.candidates));
    return {
      lowered,
      partitions,
      ...residentCuts(lowered, partitions, spec, { first: model * count, count }),
    };
  }),
);
const schedules = placed.map((model) => model.schedules);

/** Every cut on a chip of its own. */
function played(schedule: Schedule, inferences: number, charged = table) {
  const ledger = new EnergyLedger(charged, schedule.stages.length);
  const run = playSchedule(schedule, spec, charged, { inferences, taskPolicy, sink: ledger });
  const energy = charged.components.reduce(
    (sum, _, component) =>
      sum + schedule.stages.reduce((all, { index }) => all + ledger.energy(component, index), 0),
    0,
  );
  return { run, energy };
}
const alone = schedules.map((cuts) => cuts.map((cut) => played(cut, 1)));
const latencyOf = (model: number, cut: number) => alone[model]![cut]!.run.completions[0]!;

/** What is estimated is not what is tested here. */
const profiles = MODELS.map((name, model) => ({
  name,
  cuts: CUTS.map((cut, number): CutProfile => {
    const latency = latencyOf(model, number);
    const visits = [{ station: MODELS.length, work: latency }];
    return {
      name: cut,
      latency,
      interval: latency,
      energy: 1,
      inFlight: 2,
      overlap: new OverlapBuilder().table(),
      visits,
    };
  }),
}));

const device = () => new CycleDevice({ spec, table, schedules }, taskPolicy, profiles, MODELS.length + 1);

interface Come {
  readonly model: number;
  readonly cut: number;
  readonly tick: number;
}

/** Plays queries that come in order of time; by query, the tick of its answer. */
function serve(queries: readonly Come[], chip = device()) {
  const answered = new Map<number, number>();
  const answers = (until: number) => {
    for (let query = chip.nextAnswer(until); query >= 0; query = chip.nextAnswer(until)) {
      expect(answered.has(query)).toBe(false);
      answered.set(query, chip.answeredAt);
    }
  };
  queries.forEach(({ model, cut, tick }, query) => {
    answers(tick);
    chip.enter(query, model, cut, tick);
  });
  answers(Number.MAX_SAFE_INTEGER);
  return { chip, ticks: queries.map((_, query) => answered.get(query)!) };
}

/** Every cut of every model in turns. */
const turns = (queries: number, tickOf: (query: number) => number): readonly Come[] =>
  Array.from({ length: queries }, (_, query) => ({
    model: query % MODELS.length,
    cut: Math.floor(query / MODELS.length) % CUTS.length,
    tick: tickOf(query),
  }));

describe('a device that is played cycle by cycle', () => {
  test.each(CUTS)('LeNet-5, %s: queries that come together are answered as the machine says', (name) => {
    const cut = CUTS.indexOf(name);
    const { run } = played(schedules[0]![cut]!, 12);
    const { ticks } = serve(Array.from({ length: 12 }, () => ({ model: 0, cut, tick: 0 })));
    expect(ticks).toEqual([...run.completions]);
  });

  test('far apart, every query takes the latency and the energy of its cut alone, whatever came before', () => {
    const longest = Math.max(...alone.flat().map(({ run }) => run.elapsed));
    const queries = turns(12, (query) => query * longest);
    const { chip, ticks } = serve(queries);
    expect(ticks.map((tick, query) => tick - queries[query]!.tick)).toEqual(
      queries.map(({ model, cut }) => latencyOf(model, cut)),
    );
    const energy = queries.reduce((sum, { model, cut }) => sum + alone[model]![cut]!.energy, 0);
    expect(Math.abs(chip.energy / energy - 1)).toBeLessThan(1e-12);
  });

  // A digital task goes where a core is free first, so its bytes may go another way: hops cost nothing here.
  test('close together, queries wait for each other and take the same energy', () => {
    const interconnect = { ...spec.chip.interconnect, hopEnergy: 0 };
    const free = actionTable(inventory({ ...spec, chip: { ...spec.chip, interconnect } }));
    const chip = new CycleDevice({ spec, table: free, schedules }, taskPolicy, profiles, MODELS.length + 1);
    const queries = turns(24, (query) => 100_000 * query);
    const { ticks } = serve(queries, chip);
    const late = ticks.map((tick, query) => {
      const { model, cut, tick: came } = queries[query]!;
      return tick - came - latencyOf(model, cut);
    });
    expect(Math.max(...late)).toBeGreaterThan(latencyOf(0, 0));
    const energy = queries.reduce(
      (sum, { model, cut }) => sum + played(schedules[model]![cut]!, 1, free).energy,
      0,
    );
    expect(Math.abs(chip.energy / energy - 1)).toBeLessThan(1e-12);
    const until = Math.max(...ticks);
    for (let station = 0; station <= MODELS.length; station++) {
      expect(chip.busy(station, until)).toBeGreaterThan(0);
      expect(chip.busy(station, until)).toBeLessThanOrEqual(until);
    }
  });

  test('LeNet-5 on crossbars, at the pace at which it repeats: answers keep that pace', () => {
    const cut = CUTS.indexOf('analog');
    const { period } = played(schedules[0]![cut]!, 200).run;
    const pace = period!.ticks / period!.inferences;
    const queries = Array.from({ length: 60 }, (_, query) => ({
      model: 0,
      cut,
      tick: Math.ceil(query * pace),
    }));
    const { ticks } = serve(queries);
    const half = queries.length / 2;
    // No more than fits one latency is late at one time and early at another.
    expect(Math.abs(ticks.at(-1)! - ticks[half - 1]! - half * pace)).toBeLessThan(latencyOf(0, cut));
  });

  test('nothing happens before nextTime, and the same queries give the same', () => {
    const chip = device();
    expect(chip.nextTime).toBe(Number.POSITIVE_INFINITY);
    const queries = turns(12, (query) => 700_001 * query);
    const plain = serve(queries);
    expect(serve(queries).ticks).toEqual(plain.ticks);
    const watched: number[] = [];
    queries.forEach(({ model, cut, tick }, query) => {
      while (chip.nextTime <= tick) take(chip, watched, chip.nextTime);
      chip.enter(query, model, cut, tick);
    });
    while (chip.nextTime < Number.POSITIVE_INFINITY) take(chip, watched, chip.nextTime);
    expect(watched).toEqual(plain.ticks);
    expect(chip.energy).toBe(plain.chip.energy);
  });

  function take(chip: CycleDevice, watched: number[], next: number): void {
    if (next > 0) expect(chip.nextAnswer(next - 1)).toBe(-1);
    const query = chip.nextAnswer(next);
    if (query >= 0) watched[query] = chip.answeredAt;
  }
});

describe('cuts of a model share their crossbars', () => {
  test('a layer lies where it lies in all cuts, and models lie apart', () => {
    const used = new Set<number>();
    placed.forEach(({ schedules: cuts, resident, crossbars }, model) => {
      const widest = cuts[CUTS.indexOf('analog')]!;
      expect(resident).toEqual(widest.partition.analog);
      const places = new Map(copiesOf(widest));
      for (const cut of cuts)
        for (const [layer, copies] of copiesOf(cut)) expect(copies).toBe(places.get(layer));
      const own = widest.stages.flatMap((stage) =>
        stage.kind === 'analog' ? stage.replicas.flatMap(({ crossbars: all }) => all) : [],
      );
      expect(new Set(own).size).toBe(own.length);
      expect(own.length).toBe(crossbars);
      for (const crossbar of own) {
        expect(crossbar).toBeGreaterThanOrEqual(model * count);
        expect(crossbar).toBeLessThan((model + 1) * count);
        expect(used).not.toContain(crossbar);
        used.add(crossbar);
      }
    });
  });

  test('a share that is too small is refused', () => {
    const { lowered, partitions } = placed[0]!;
    expect(() => residentCuts(lowered, partitions, spec, { first: 0, count: 3 })).toThrow(
      /need \d+ crossbars.* 3/,
    );
  });
});

function copiesOf({ stages }: Schedule): readonly (readonly [layer: number, copies: string])[] {
  return stages.flatMap((stage) =>
    stage.kind === 'analog' ? [[stage.layers[0]!, JSON.stringify(stage.replicas)] as const] : [],
  );
}
