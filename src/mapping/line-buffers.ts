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
  const shareOf = (stage: Stage, positions: number) =>
    (positions * stage.outputBytesPerPosition) / tiles[stage.index]!.length;
  const minimum = new Map<number, number>();
  const extra = new Map<number, number>();
  for (const stage of stages) {
    for (const tile of tiles[stage.index]!) {
      minimum.set(tile, (minimum.get(tile) ?? 0) + shareOf(stage, least[stage.index]!));
      extra.set(tile, (extra.get(tile) ?? 0) + shareOf(stage, wanted[stage.index]!));
    }
  }
  const { capacity } = spec.tile.buffer;
  const room = (tile: number) => {
    const free = Math.max(0, capacity - minimum.get(tile)!);
    return Math.min(1, free / Math.max(extra.get(tile)!, 1));
  };
  const granted = stages.map((stage) => {
    const share = Math.min(...tiles[stage.index]!.map(room));
    return least[stage.index]! + Math.floor(wanted[stage.index]! * share);
  });
  const used = new Map<number, number>();
  for (const stage of stages) {
    for (const tile of tiles[stage.index]!) {
      used.set(tile, (used.get(tile) ?? 0) + shareOf(stage, granted[stage.index]!));
    }
  }
  return {
    stages: stages.map((stage) => ({ ...stage, capacity: granted[stage.index]! })),
    buffers: [...used]
      .sort(([a], [b]) => a - b)
      .map(([tile, bytes]) => ({ tile, capacity, least: minimum.get(tile)!, granted: bytes })),
  };
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
      let kept = readers[index]!.length === 0 || index === output ? 0 : produced;
      for (const { released } of readers[index]!) kept = Math.min(kept, released);
      most[index] = Math.max(most[index]!, produced - kept);
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
