import { describe, expect, test } from 'vitest';
import { bufferShortage } from '../../src/report/buffer-shortage.ts';
import type { Report, ScheduleReport } from '../../src/report/report.ts';
import { markPareto } from '../../src/report/schedule-report.ts';
import { bestOf, headline } from '../../src/report/sections/headline.ts';
import { reportText } from '../../src/report/terminal.ts';

const shortage = { tile: 3, needed: 96 * 1024, capacity: 64 * 1024, tiles: 2 };

/** A schedule of so many J, all else equal. */
function row(name: string, total: number, lacks: ScheduleReport['bufferShortage']): ScheduleReport {
  return {
    ...{ name, warnings: [], turns: null, latency: 1, initiationInterval: 1, throughput: 1, accuracy: null },
    ...{ analogFraction: 1, crossbarsUsed: 1, bufferShortage: lacks },
    energy: { total, byComponent: [], byLayer: [] },
    topsPerWatt: { effective: 1, precision: 'int8' },
  } as unknown as ScheduleReport;
}

function reportOf(schedules: readonly ScheduleReport[]): Report {
  return {
    workload: { name: 'net', macs: 1, mvmLayers: [] },
    architecture: { name: 'chip', area: 1e-6, crossbars: 1 },
    ...{ accuracy: null, withoutAccuracy: 'it has no weights', reads: null, schedules },
  } as unknown as Report;
}

describe('buffers too small', () => {
  test('are told of the tile whose layers need most, in whole bytes', () => {
    const use = (tile: number, least: number) => ({ tile, least, capacity: 100 });
    expect(bufferShortage([use(0, 100), use(1, 20)])).toBeNull();
    expect(bufferShortage([use(0, 100.5), use(1, 100), use(4, 130.2)])).toEqual({
      ...{ tile: 4, needed: 131, capacity: 100, tiles: 2 },
    });
  });

  test('keep a schedule from being Pareto-best, and from beating others', () => {
    const rows = markPareto([row('cheap', 1, shortage), row('dear', 3, null), row('fair', 2, null)]);
    expect(rows.map(({ paretoBest }) => paretoBest)).toEqual([false, false, true]);
    expect(markPareto([row('cheap', 1, shortage)])[0]!.paretoBest).toBe(false);
  });

  test('mark its figures, in the terminal and on the page', () => {
    const rows = markPareto([row('cheap', 1, shortage), row('dear', 3, null), row('fair', 2, null)]);
    const report = reportOf(rows);
    const lines = reportText(report).split('\n');
    expect(
      lines.filter((line) => /^[* ] (cheap|dear|fair)/.test(line)).map((line) => line.slice(0, 9).trim()),
    ).toEqual([...['cheap †', 'dear', '* fair']]);
    const sentence =
      '† buffers too small: figures of a chip that cannot hold this; it needs 98.3 kB in tile 3, which has 65.5 kB';
    expect(lines).toContain(`${sentence}. Never Pareto-best.`);
    const html = headline(report, rows[0]!);
    for (const text of [sentence, 'energy per inference †', '1.00 mm² of chip †', 'TOPS/mm² effective †'])
      expect(html).toContain(text);
    expect(headline(report, rows[1]!)).not.toContain('†');
    expect(bestOf(report)).toContain('Least energy: <b>fair</b>');
  });
});
