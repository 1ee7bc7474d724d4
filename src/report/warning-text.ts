import type { ScheduleReport } from './report.ts';

/** Warnings that every schedule of a report has: of the chip, whatever runs on it. */
export function sharedWarnings(schedules: readonly Pick<ScheduleReport, 'warnings'>[]): readonly string[] {
  const [first, ...others] = schedules;
  return (first?.warnings ?? []).filter((warning) =>
    others.every(({ warnings }) => warnings.includes(warning)),
  );
}

/** Of a warning in HTML: names in it may be of any length. */
export const WARNING_LETTERS = 600;
