import { copyOfTask } from '../mapping/homes.ts';
import type { Stage } from '../mapping/schedule.ts';

/** The copy of a layer that computes a task; 0 for stages without copies. */
export function unitOf(stage: Stage, task: number): number {
  return stage.kind === 'analog' ? copyOfTask(task % stage.tasks, stage.replicas.length) : 0;
}

/** Tile that a task's output goes to. */
export function homeOf(stage: Stage, task: number): number {
  return stage.homes[task % stage.tasks]!;
}
