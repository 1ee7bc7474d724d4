import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { bufferTurns } from './buffer-turns.ts';
import { bytesPerTile } from './buffer-share.ts';
import { growTogether } from './grow-together.ts';
import type { BufferUse, Source, Stage } from './schedule.ts';

/**
 * Gives every stage the output positions that its buffers hold. First the least that it takes so that no stage waits for
 * ever; then, where tiles have room for it, two turns of its copies; then, of what is left, to those of one position as many
 * inferences as keep every unit at work that can compute it or read it. In each round the shares of what the stages want grow together, and those of
 * a tile stop growing when it is full.
 */
export function withLineBuffers(
  stages: readonly Stage[],
  output: number,
  spec: ArchitectureSpec,
): { readonly stages: readonly Stage[]; readonly buffers: readonly BufferUse[] } {
  const least = leastCapacities(stages, output);
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
  const turns = bufferTurns(stages, least, spec);
  let granted: readonly number[] = [...least];
  for (const wanted of [turns.ofCopies, turns.ofUnits]) {
    const before = granted;
    const held = stages.map((stage) => bytesPerTile(stage, before[stage.index]!));
    const wants = stages.map((stage) =>
      bytesPerTile(stage, Math.max(before[stage.index]!, wanted[stage.index]!)),
    );
    const rooms = sharers.map(({ tile, stages: own }) => ({
      stages: own.map(({ index }) => index),
      wanted: own.map(({ index }) => wants[index]!.get(tile)! - held[index]!.get(tile)!),
      room: capacity - sumOver(own, ({ index }) => held[index]!.get(tile)!),
    }));
    const shares = growTogether(stages.length, rooms);
    granted = stages.map((stage) => {
      const { index } = stage;
      const [from, to] = [before[index]!, Math.max(before[index]!, wanted[index]!)];
      if (shares[index] === 1) return to;
      return mostPositions(from, to, (positions) =>
        every(bytesPerTile(stage, positions), (tile, bytes) => {
          const own = held[index]!.get(tile)!;
          return bytes - own <= shares[index]! * (wants[index]!.get(tile)! - own);
        }),
      );
    });
  }
  const [needed, had] = [least, granted].map((positions) =>
    stages.map((stage) => bytesPerTile(stage, positions[stage.index]!)),
  );
  const uses = new Map<number, BufferUse>();
  for (const { tile, stages: own } of sharers) {
    const needs = own.map(({ index }) => needed![index]!.get(tile)!);
    const most = needs.indexOf(Math.max(...needs));
    const use = {
      ...{ tile, capacity, stage: own[most]!.index, ofStage: needs[most]! },
      least: needs.reduce((sum, bytes) => sum + bytes, 0),
      granted: sumOver(own, ({ index }) => had![index]!.get(tile)!),
    };
    if (use.least > (uses.get(tile)?.least ?? -1)) uses.set(tile, use);
  }
  return {
    stages: stages.map((stage) => ({ ...stage, capacity: granted[stage.index]! })),
    buffers: [...uses.values()].sort((a, b) => a.tile - b.tile),
  };
}

/** Most positions, at least `from` and at most `to`, that fit; fewer do when more do. */
function mostPositions(from: number, to: number, fit: (positions: number) => boolean): number {
  let [fits, not] = [from, to + 1];
  while (not - fits > 1) {
    const middle = Math.floor((fits + not) / 2);
    if (fit(middle)) fits = middle;
    else not = middle;
  }
  return fits;
}

function every(
  bytesOfTiles: ReadonlyMap<number, number>,
  holds: (tile: number, bytes: number) => boolean,
): boolean {
  for (const [tile, bytes] of bytesOfTiles) if (!holds(tile, bytes)) return false;
  return true;
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
