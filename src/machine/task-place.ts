import { copyOfTask, homeOfNewest } from '../mapping/homes.ts';
import type { Stage } from '../mapping/schedule.ts';

/** Memory hangs on the first tile. */
export const MEMORY_TILE = 0;

/** The copy of a layer that computes a task; 0 for stages without copies. */
export function unitOf(stage: Stage, task: number): number {
  return stage.kind === 'analog' ? copyOfTask(task % stage.tasks, stage.replicas.length) : 0;
}

/** Tile that a task's output goes to. */
export function homeOf(stage: Stage, task: number): number {
  return stage.homes[task % stage.tasks]!;
}

/** Tile from which a task's inputs of one of its sources come: that of the newest, or of memory if another part made them. */
export function originOf(stages: readonly Stage[], stage: Stage, source: number, task: number): number {
  const { stage: index, required } = stage.sources[source]!;
  const producer = stages[index]!;
  if (producer.part !== stage.part) return MEMORY_TILE;
  return homeOfNewest(producer, required[task % stage.tasks]!);
}
