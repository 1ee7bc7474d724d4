import { expect, test } from 'vitest';
import { loadNotes } from '../../src/experiment/serving/load-notes.ts';
import type { LoadChoice } from '../../src/serving/run-job.ts';

/** Rows 100 us apart, played from 0 on. */
function replay(rows: number, more: { scale?: number; repeat?: number; queries?: number } = {}) {
  const { scale = 1, repeat = 1, queries = 1e8 } = more;
  const time = Float64Array.from({ length: rows }, (_, row) => row * 1e-4);
  const load = { type: 'trace', file: 'a/week.csv', scale, repeat, rows: { time, names: [] } };
  return loadNotes({ load, duration: 1e-3, queries } as unknown as LoadChoice);
}

test.each([
  ['as many rows as come before the end', replay(10), undefined],
  ['one that comes at the end', replay(11), '1 of 11 rows comes after the duration of 1.00 ms and was not'],
  ['many', replay(1000), '990 of 1,000 rows come after the duration of 1.00 ms and were not'],
  ['twice as fast', replay(20, { scale: 2 }), undefined],
  [
    'half as fast, twice',
    replay(4, { scale: 0.5, repeat: 2 }),
    '3 of 2 × 4 rows come after the duration of 1.00 ms and were not',
  ],
  [
    'few queries',
    replay(10, { queries: 3 }),
    '7 of 10 rows come after the 3 queries that come at most and were not',
  ],
])('a trace says how many of its rows are not played: %s', (_, notes, said) => {
  expect(notes).toEqual(said === undefined ? [] : [`week.csv: ${said} played.`]);
});

test('other loads have nothing to say', () => {
  const load = { type: 'poisson', rate: 1e5 };
  expect(loadNotes({ load, duration: 1e-3, queries: 3 } as unknown as LoadChoice)).toEqual([]);
});
