import { describe, expect, test } from 'vitest';
import type { Report, ScheduleReport } from '../../src/report/report.ts';
import { duration } from '../../src/report/format.ts';
import { headline } from '../../src/report/sections/headline.ts';
import { reportText } from '../../src/report/terminal.ts';
import { turnsText } from '../../src/report/turns.ts';

const turns = {
  ...{ parts: 5, batch: 16, programTime: 5.12e-3, cells: 1.19e9, bytes: 277e6, writes: 5 },
  lifetime: { inferences: 320e6, time: 26.8 * 86_400 },
};

/** What the figures of a schedule are made of, as far as they are looked at here. */
function row(name: string, warnings: string[]): ScheduleReport {
  return {
    ...{ name, warnings, turns, latency: 1, initiationInterval: 1, throughput: 1, accuracy: null },
    ...{ analogFraction: 1, crossbarsUsed: 1, paretoBest: true, bufferShortage: null },
    energy: { total: 1, byComponent: [], byLayer: [] },
    topsPerWatt: { effective: 1, precision: 'int8' },
  } as unknown as ScheduleReport;
}

function reportOf(schedules: ScheduleReport[]): Report {
  return {
    workload: { name: 'net', macs: 1, mvmLayers: [] },
    architecture: { name: 'chip', area: 0, crossbars: 1 },
    ...{ accuracy: null, withoutAccuracy: 'it has no weights', reads: null, schedules },
  } as unknown as Report;
}

describe('turns and warnings for people', () => {
  test('turns in a sentence, with the lifetime where it is known', () => {
    const all =
      '5 parts take turns on the crossbars, 16 inferences each: a batch takes 5.12 ms of writing word lines, 277 MB of weights read, 1.19 G cells written, ' +
      'the most-written one 5 times';
    expect(turnsText({ ...turns, lifetime: null })).toBe(all);
    expect(turnsText(turns)).toBe(
      `${all}; its endurance is reached after 320 M inferences, 26.8 days at full load`,
    );
    expect(turnsText(null)).toBeUndefined();
  });

  test('the terminal shows both, of many schedules the first few', () => {
    const few = reportText(reportOf([row('analog', ['too little room'])]))
      .split('\n')
      .slice(-2);
    expect(few).toEqual([`analog: ${turnsText(turns)}.`, 'Warning, analog: too little room.']);
    const names = Array.from({ length: 9 }, (_, index) => `prefix:${index}`);
    const warnings = (name: string) => ['no node', `too little room for ${name}`];
    const many = reportText(reportOf(names.map((name) => row(name, warnings(name))))).split('\n');
    expect(many.filter((line) => line.includes('no node'))).toEqual(['Warning: no node.']);
    expect(many.at(-1)).toBe('… and 13 more in report.json.');
  });

  test('the page shows both under the figures, names in them as text', () => {
    const one = row('analog', ['layer <b>conv</b> needs room']);
    const html = headline(reportOf([one]), one);
    expect(html).toContain(turnsText(turns)!);
    expect(html).toContain('<b>Warning:</b> layer &lt;b&gt;conv&lt;/b&gt; needs room.');
  });

  test.each([
    [0.5, '500 ms'],
    [119, '119 s'],
    [7199, '120 minutes'],
    [3 * 3600, '3.00 hours'],
    [10 * 31_557_600, '10.0 years'],
  ])('%d s are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
