import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { tileOfCrossbar } from './placement.ts';
import type { Replica, Source, Stage } from './schedule.ts';

/** Which of a stage's copies computes a task: copies take turns, anew in every inference. */
export function copyOfTask(task: number, copies: number): number {
  return task % copies;
}

/** The output of an MVM stays where its copy of the layer lies: in the tile of the copy's first block. */
export function homesOfCopies(tasks: number, copies: readonly Replica[], spec: ArchitectureSpec): Int32Array {
  const tiles = copies.map((copy) => tileOfCrossbar(spec, copy.crossbars[0]!));
  return Int32Array.from({ length: tasks }, (_, task) => tiles[copyOfTask(task, copies.length)]!);
}

/** Digital work leaves its output where the newest of its first input lies. */
export function besideInputs(
  tasks: number,
  sources: readonly Source[],
  before: readonly Stage[],
): Int32Array {
  const source = sources[0];
  if (source === undefined) return new Int32Array(tasks);
  const producer = before[source.stage]!;
  return Int32Array.from({ length: tasks }, (_, task) => homeOfNewest(producer, source.required[task]!));
}

/** Tile that holds the last of the first `positions` positions of a stage. */
export function homeOfNewest(producer: Stage, positions: number): number {
  const newest = Math.max(0, Math.ceil(positions / producer.positionsPerTask) - 1);
  return producer.homes[newest]!;
}

/** The rows of an inference's input go to the tiles of its first layer on crossbars, row after row in turns. */
export function spreadInput(stages: readonly Stage[]): void {
  for (const input of stages) {
    if (input.kind !== 'load') continue;
    const consumer = stages.find((stage) => stage.sources.some((source) => source.stage === input.index));
    if (consumer === undefined) continue;
    const tiles = [...new Set(consumer.homes)];
    for (let task = 0; task < input.tasks; task++) input.homes[task] = tiles[task % tiles.length]!;
  }
}
