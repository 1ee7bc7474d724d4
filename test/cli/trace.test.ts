import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { traceSpan } from '../../src/cli/trace.ts';
import type { Report } from '../../src/report/report.ts';
import { traceSchema } from '../../src/report/trace-format.ts';
import { expectSoundTrace, joules } from '../report/trace-checks.ts';
import { kirchhoff } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LENET = [
  ...['run', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml'],
  ...['--samples', '4', '--chips', '1', '--inferences', '4'],
];

describe('kirchhoff run --trace', () => {
  test('LeNet-5: a compressed trace of its format, with the joules of the report', async () => {
    const file = join(folder, 'new', 'lenet.json.gz');
    const words = [...LENET, '--schedule', 'prefix:3', '--trace', file, '--json'];
    const { code, out, err } = await kirchhoff(words);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'new'))).toEqual(['lenet.json.gz']);
    const trace = traceSchema.parse(JSON.parse(gunzipSync(readFileSync(file)).toString()));
    expectSoundTrace(trace);
    const report = JSON.parse(out) as Report;
    const [{ energy, initiationInterval }] = report.schedules as [Report['schedules'][0]];
    const counted = joules(trace);
    for (const { component, dynamic } of energy.byComponent) {
      const perInference = (counted.get(component) ?? 0) / 4;
      expect(Math.abs(perInference - dynamic)).toBeLessThanOrEqual(1e-9 * dynamic);
    }
    const leaked = energy.byComponent.reduce((sum, { leakage }) => sum + leakage, 0);
    const powers = trace.traceEvents.find(({ ph, name }) => ph === 'C' && name === 'power (W)');
    const { leakage } = (powers as { args: Record<string, number> }).args;
    expect(Math.abs(leakage! * initiationInterval - leaked)).toBeLessThanOrEqual(1e-9 * leaked);
    // Tracks for what the chip has: a tile's buffer, link, digital core, copies of a layer and their converters.
    const names = trace.traceEvents.flatMap((event) =>
      event.ph === 'M' && 'name' in event.args ? [event.args.name] : [],
    );
    for (const pattern of [
      /^Tile 0$/,
      /^buffer port$/,
      /^link/,
      /^digital core \d MAC/,
      /crossbars .* copy 1$/,
      /crossbar 0 converters: /,
    ]) {
      expect(
        names.some((name) => pattern.test(name)),
        String(pattern),
      ).toBe(true);
    }
  });

  test('says on stderr and in the file what it had no room for', async () => {
    const file = join(folder, 'small.json');
    const words = [
      ...[...LENET, '--schedule', 'digital', '--schedule', 'analog'],
      ...['--trace', file, '--trace-schedule', 'analog', '--trace-events', '1000', '--json'],
    ];
    const { code, err } = await kirchhoff(words);
    expect(code).toBe(0);
    const { events, leftOut, schedule } = traceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).otherData;
    expect(schedule).toBe('analog');
    expect(events).toBeLessThanOrEqual(1000);
    expect(err).toMatch(
      new RegExp(`^trace: ${leftOut.beyondLimit} slices from .* left out, 1000 events hold no more`),
    );
  });

  const missing = join(folder, 'none.json');
  test.each([
    [
      ['--trace', missing],
      /--trace shows one schedule, \d+ are played \(name it with --trace-schedule: digital, /,
    ],
    [
      ['--trace', missing, '--trace-schedule', 'suffix:2'],
      /--trace-schedule suffix:2 is not among those played/,
    ],
    [['--trace', join(folder, 'x.txt')], /is no trace file \(name it \.json, or \.json\.gz/],
    [['--trace-window', '1 us..2 us'], /--trace-window without --trace/],
    [['--trace', missing, '--trace-window', '1 us'], /is no span of time \(such as/],
    [['--trace', missing, '--trace-window', '2 us..1 us'], /ends before it begins/],
    [['--trace', missing, '--trace-window', '2 pJ..1 us'], /--trace-window: "2 pJ" is an energy/],
    [['--trace', missing, '--trace-window', '2..1 us'], /--trace-window: 2 .*unit|--trace-window: "2" is/],
    [['--trace', join(folder, 'none.json', '..', '..', '..', '..', 'proc', 'x', 't.json')], /cannot write/],
  ])('%j is refused, nothing is left behind', async (flags, message) => {
    const { code, err } = await kirchhoff([...LENET, ...flags]);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(existsSync(missing)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
  });

  test('a window outside the play is said to be empty', async () => {
    const file = join(folder, 'late.json');
    const { code, err } = await kirchhoff([
      ...LENET,
      '--schedule',
      'digital',
      '--trace',
      file,
      '--trace-window',
      '1 s..',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(err).toMatch(/^trace: empty, the play ends at [\d.]+ µs/);
    expectSoundTrace(traceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
  });

  test('spans of time', async () => {
    expect(await traceSpan(undefined)).toEqual({ from: 0, to: Number.POSITIVE_INFINITY });
    expect(await traceSpan('1.5 us .. 3 * 1 us')).toEqual({ from: 1_500_000, to: 3_000_000 });
    expect(await traceSpan('..2 ns')).toEqual({ from: 0, to: 2000 });
    expect(await traceSpan('0..2 ns')).toEqual({ from: 0, to: 2000 });
  });
});
