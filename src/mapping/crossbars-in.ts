import type { Schedule } from './schedule.ts';

/** Number of crossbars that hold layers of any of some schedules, on each of their chips the same. */
export function crossbarsIn(schedules: readonly Schedule[]): number {
  const held = new Set<number>();
  for (const { stages } of schedules) {
    for (const stage of stages) {
      if (stage.kind !== 'analog') continue;
      for (const { crossbars } of stage.replicas) for (const crossbar of crossbars) held.add(crossbar);
    }
  }
  return held.size;
}
