import type { Schedule, Stage } from '../mapping/schedule.ts';

/** Schedules that one chip plays side by side: their stages in one list, each schedule with inferences of its own. */
export interface MergedSchedule {
  readonly stages: readonly Stage[];
  /** By stage. */
  readonly scheduleOf: Int32Array;
  /** By schedule. */
  readonly outputs: readonly ScheduleOutput[];
}

/** Where the answers of a schedule come from. */
export interface ScheduleOutput {
  readonly stage: number;
  readonly bytes: number;
}

/** Puts schedules side by side: stages are numbered through. */
export function mergeSchedules(schedules: readonly Schedule[]): MergedSchedule {
  const stages: Stage[] = [];
  const scheduleOf: number[] = [];
  const outputs = schedules.map((schedule, number) => {
    const first = stages.length;
    for (const stage of schedule.stages) {
      const sources = stage.sources.map((source) => ({ ...source, stage: first + source.stage }));
      stages.push({ ...stage, index: first + stage.index, sources });
      scheduleOf.push(number);
    }
    return { stage: first + schedule.output, bytes: schedule.outputBytes };
  });
  return { stages, scheduleOf: Int32Array.from(scheduleOf), outputs };
}
