import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { BufferUse, Source, Stage } from './schedule.ts';

/**
 * Gives every stage the output positions that its buffers hold: at least what it takes that no stage waits for ever,
 * and as much again as keeps the stages behind it busy, where the buffers of its tiles have room for that.
 */
export function withLineBuffers(
  stages: readonly Stage[],
  output: number,
  spec: ArchitectureSpec,
): { readonly stages: readonly Stage[]; readonly buffers: readonly BufferUse[] } {
  const least = leastCapacities(stages, output);
  const levels = levelsOf(stages);
  const wanted = stages.map((stage) => slack(stage, stages, levels, least[stage.index]!));
  const tiles = stages.map((stage) => [...new Set(stage.homes)]);
  const { capacity } = spec.tile.buffer;
  // Parts of the network follow each other: each has the buffers for itself.
  const parts = [...new Set(stages.map(({ part }) => part))];
  const sharers = parts.flatMap((part) =>
    tilesOf(
      stages.filter((stage) => stage.part === part),
      tiles,
    ),
  );
  const bytesOf = (stage: Stage, positions: number) =>
    (positions * stage.outputBytesPerPosition) / tiles[stage.index]!.length;
  const share = stages.map(() => 1);
  for (const { stages: own } of sharers) {
    const minimum = sumOver(own, (stage) => bytesOf(stage, least[stage.index]!));
    const extra = sumOver(own, (stage) => bytesOf(stage, wanted[stage.index]!));
    const room = Math.max(0, capacity - minimum) / Math.max(extra, 1);
    for (const { index } of own) share[index] = Math.min(share[index]!, room);
  }
  const granted = stages.map(({ index }) => least[index]! + Math.floor(wanted[index]! * share[index]!));
  const uses = new Map<number, BufferUse>();
  for (const { tile, stages: own } of sharers) {
    const needs = own.map((stage) => bytesOf(stage, least[stage.index]!));
    const most = needs.indexOf(Math.max(...needs));
    const use = {
      ...{ tile, capacity, stage: own[most]!.index, ofStage: needs[most]! },
      least: needs.reduce((sum, bytes) => sum + bytes, 0),
      granted: sumOver(own, (stage) => bytesOf(stage, granted[stage.index]!)),
    };
    if (use.least > (uses.get(tile)?.least ?? -1)) uses.set(tile, use);
  }
  return {
    stages: stages.map((stage) => ({ ...stage, capacity: granted[stage.index]! })),
    buffers: [...uses.values()].sort((a, b) => a.tile - b.tile),
  };
}

/** The stages whose outputs share the buffer of each tile. */
function tilesOf(
  stages: readonly Stage[],
  tiles: readonly (readonly number[])[],
): readonly { readonly tile: number; readonly stages: readonly Stage[] }[] {
  const found = new Map<number, Stage[]>();
  for (const stage of stages) {
    for (const tile of tiles[stage.index]!) {
      const own = found.get(tile);
      if (own === undefined) found.set(tile, [stage]);
      else own.push(stage);
    }
  }
  return [...found].map(([tile, own]) => ({ tile, stages: own }));
}

function sumOver(stages: readonly Stage[], value: (stage: Stage) => number): number {
  return stages.reduce((sum, stage) => sum + value(stage), 0);
}

/**
 * Positions that each stage must be able to hold so that an inference comes through: the most that it ever holds when
 * every task is computed as late as possible, its inputs first. Capacities that let one order of work through let every
 * order through, since what a task reads and writes does not depend on the order. The answer (of stage `output`) stays until
 * all of it is there.
 */
export function leastCapacities(stages: readonly Stage[], output: number): Int32Array {
  const done = new Int32Array(stages.length);
  const most = new Int32Array(stages.length);
  const readers: { source: Source; released: number }[][] = stages.map(() => []);
  const edges = stages.map((stage) =>
    stage.sources.map((source) => {
      const edge = { source, released: 0 };
      // What another part of the network reads waits in memory.
      if (stages[source.stage]!.part === stage.part) readers[source.stage]!.push(edge);
      return edge;
    }),
  );
  const compute = (stage: Stage, tasks: number): void => {
    const { index } = stage;
    while (done[index]! < tasks) {
      const task = done[index]!;
      for (const source of stage.sources) {
        const producer = stages[source.stage]!;
        compute(producer, Math.ceil(source.required[task]! / producer.positionsPerTask));
      }
      for (const edge of edges[index]!) edge.released = edge.source.released[task]!;
      done[index] = task + 1;
      const produced = Math.min(done[index] * stage.positionsPerTask, stage.positions);
      // What nobody reads here leaves as soon as it is written.
      let left = readers[index]!.length === 0 ? task * stage.positionsPerTask : produced;
      for (const { released } of readers[index]!) left = Math.min(left, released);
      if (index === output) left = 0;
      most[index] = Math.max(most[index]!, produced - left);
    }
  };
  for (const stage of [...stages].reverse()) compute(stage, stage.tasks);
  return most;
}

/** Longest way from a stage without inputs. */
function levelsOf(stages: readonly Stage[]): readonly number[] {
  const levels: number[] = [];
  for (const stage of stages) {
    levels.push(stage.sources.reduce((level, source) => Math.max(level, levels[source.stage]! + 1), 0));
  }
  return levels;
}

/**
 * Positions beyond the least: two turns of its copies, or two portions that a consumer frees at once, for every stage on
 * the longest way to a consumer; never more than two inferences in all.
 */
function slack(stage: Stage, stages: readonly Stage[], levels: readonly number[], least: number): number {
  let distance = 1;
  let portion = stage.positionsPerTask * (stage.kind === 'analog' ? stage.replicas.length : 1);
  for (const consumer of stages) {
    for (const source of consumer.sources) {
      if (source.stage !== stage.index) continue;
      distance = Math.max(distance, levels[consumer.index]! - levels[stage.index]!);
      portion = Math.max(portion, largestStep(source.released));
    }
  }
  return Math.max(0, Math.min(2 * distance * portion, 2 * stage.positions - least));
}

function largestStep(released: Int32Array): number {
  let step = released[0]!;
  for (let task = 1; task < released.length; task++) {
    step = Math.max(step, released[task]! - released[task - 1]!);
  }
  return step;
}
