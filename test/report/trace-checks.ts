import { expect } from 'vitest';
import type { Trace, TraceEvent } from '../../src/report/trace-format.ts';
import { importedByPerfetto } from './perfetto-importer.ts';

export type Slice = Extract<TraceEvent, { ph: 'X' }>;

/** µs of a trace as whole ticks. */
export function ticks(microseconds: number): number {
  return Math.round(microseconds * 1e6);
}

/** The duration of a slice in ticks. */
export function durationOf({ dur, args }: Slice): number {
  return args.duration_ps ?? ticks(dur);
}

/** Every slice of a trace, of queries too. */
export function slicesOf(trace: Trace): readonly Slice[] {
  return trace.traceEvents.filter((event): event is Slice => event.ph === 'X');
}

/** J of each series of the power counter: value × time to the next event. */
export function joules(trace: Trace): ReadonlyMap<string, number> {
  const events = trace.traceEvents.filter((event) => event.ph === 'C' && event.name === 'power (W)');
  const sums = new Map<string, number>();
  events.forEach((event, index) => {
    if (event.ph !== 'C') return;
    const next = events[index + 1];
    if (next === undefined) {
      expect(Object.values(event.args).every((value) => value === 0)).toBe(true);
      return;
    }
    const seconds = (ticks(next.ph === 'C' ? next.ts : 0) - ticks(event.ts)) * 1e-12;
    expect(seconds).toBeGreaterThan(0);
    for (const [name, watts] of Object.entries(event.args)) {
      sums.set(name, (sums.get(name) ?? 0) + watts * seconds);
    }
  });
  return sums;
}

/** How viewers read µs: as doubles, or as whole ns (Perfetto's trace processor). */
const READERS: Readonly<Record<string, (microseconds: number) => number>> = {
  'as doubles': (microseconds) => microseconds,
  'rounded to ns': (microseconds) => Math.round(microseconds * 1000),
};

/** What must hold of every trace besides its schema: tracks without overlap, flows in pairs inside slices, names. */
export function expectSoundTrace(trace: Trace): void {
  expect(trace.traceEvents).toHaveLength(trace.otherData.events);
  const tracks = new Map<string, Slice[]>();
  for (const slice of slicesOf(trace)) {
    const key = `${slice.pid}/${slice.tid}`;
    const track = tracks.get(key);
    if (track === undefined) tracks.set(key, [slice]);
    else track.push(slice);
  }
  for (const [key, slices] of tracks) {
    const sorted = [...slices].sort((a, b) => a.ts - b.ts || a.dur - b.dur);
    for (const [reader, read] of Object.entries(READERS)) {
      sorted.forEach((slice, index) => {
        const before = sorted[index - 1];
        if (before === undefined) return;
        const overlap = read(before.ts) + read(before.dur) > read(slice.ts);
        if (overlap) expect.fail(`${key}: ${before.name} and ${slice.name} at ${slice.ts}, ${reader}`);
      });
    }
    sorted.forEach((slice, index) => {
      const before = sorted[index - 1];
      const overlap = before !== undefined && ticks(before.ts) + durationOf(before) > ticks(slice.ts);
      const shortened = Math.abs(ticks(slice.dur) - durationOf(slice)) >= 1000;
      if (overlap || shortened) expect.fail(`${key}: ${slice.name} at ${slice.ts}`);
    });
  }

  const names = new Set<string>();
  const pids = new Set<number>();
  for (const event of trace.traceEvents) {
    if (event.ph === 'M' && event.name === 'thread_name') names.add(`${event.pid}/${event.tid}`);
    if (event.ph === 'M' && event.name === 'process_name') pids.add(event.pid);
  }
  for (const key of tracks.keys()) expect(names.has(key), `${key} has no name`).toBe(true);
  for (const { pid } of slicesOf(trace)) expect(pids.has(pid)).toBe(true);

  // Each start has one end, later in the file, and both lie in a slice: of a query, of the same inference.
  const around = (pid: number, tid: number, ts: number) =>
    tracks
      .get(`${pid}/${tid}`)
      ?.find((slice) => ticks(slice.ts) <= ticks(ts) && ticks(ts) <= ticks(slice.ts) + durationOf(slice));
  const open = new Map<number, number>();
  const seen = new Set<number>();
  for (const event of trace.traceEvents) {
    if (event.ph === 's') {
      expect(seen.has(event.id)).toBe(false);
      seen.add(event.id);
      const query = around(event.pid, event.tid, event.ts);
      expect(query?.cat).toBe('query');
      open.set(event.id, query!.args.inference);
    } else if (event.ph === 'f') {
      expect(open.has(event.id)).toBe(true);
      const slices = tracks.get(`${event.pid}/${event.tid}`)!;
      const task = slices.find(
        (slice) => slice.ts === event.ts && slice.args.inference === open.get(event.id),
      );
      expect(task?.cat).toMatch(/mvm|mac|vector|memory/);
      open.delete(event.id);
    }
  }
  expect(open.size).toBe(0);
  expectImport(trace);
}

/** Perfetto takes every slice and flow as it was meant, and shows tracks in the order of their places. */
function expectImport(trace: Trace): void {
  const { slices, flows, counters, processes, errors } = importedByPerfetto(trace);
  expect(errors).toEqual({});
  expect(slices).toHaveLength(slicesOf(trace).length);
  // Shorter than 1 ns are instants there: several at once stand below each other.
  expect(slices.filter(({ depth, dur }) => depth > 0 && dur > 0)).toEqual([]);
  expect(flows).toHaveLength(trace.traceEvents.filter(({ ph }) => ph === 's').length);
  for (const { out, in: into } of flows) {
    expect(out.category).toBe('query');
    expect(into.category).toMatch(/mvm|mac|vector|memory/);
    expect(into.inference).toBe(out.inference);
  }
  const total = counters.get('1 total power (W)')!;
  const series = [...counters].filter(([name]) => name.startsWith('1 power (W) '));
  const unlike = total.filter(({ ts, value }, index) => {
    const sum = series.reduce((all, [, values]) => all + values[index]!.value, 0);
    const together = series.every(([, values]) => values[index]!.ts === ts);
    return !together || Math.abs(sum - value) > 1e-9 * value;
  });
  expect(unlike).toEqual([]);
  expect(processes.slice(0, 3).map(({ title }) => title)).toEqual([
    'Queries',
    'Layers',
    trace.otherData.architecture,
  ]);
  const tiles = processes.slice(3).map(({ title }) => Number(title.match(/^Tile (\d+)$/)![1]));
  expect(tiles).toEqual([...tiles].sort((a, b) => a - b));
  for (const { threads } of processes.slice(3)) {
    const groups = threads.map((title) =>
      GROUPS_OF_TRACKS.findIndex((pattern) => pattern.test(title.replace(/ \(\d+\)$/, ''))),
    );
    expect(groups).toEqual([...groups].sort((a, b) => a - b));
    expect(groups).not.toContain(-1);
  }
}

/** Titles of a tile's tracks in the order in which they stand. */
const GROUPS_OF_TRACKS = [
  /^buffer port$/,
  /^link |^bus$/,
  /^digital core \d+ /,
  /^cores? [\d–, ]+crossbars? [\d–, ]+/,
];
