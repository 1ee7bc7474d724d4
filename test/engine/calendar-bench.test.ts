import { expect, test } from 'vitest';
import { calendarRows } from '../../bench/calendar.ts';

test('the bench of the calendar measures both queues and their ratio', () => {
  const rows = calendarRows({ quick: true, pending: [100, 2000] });
  expect(rows.map((row) => row.pending)).toEqual([100, 100, 100, 2000, 2000, 2000]);
  for (const { timingWheel, priorityQueue, ratio } of rows) {
    expect(priorityQueue).toBeGreaterThan(1000);
    expect(ratio).toBeCloseTo(timingWheel / priorityQueue, 6);
  }
});
