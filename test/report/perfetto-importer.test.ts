import { describe, expect, test } from 'vitest';
import type { Trace, TraceEvent } from '../../src/report/trace-format.ts';
import { importedByPerfetto } from './perfetto-importer.ts';

const slice = (ts: number, dur: number, tid = 20): TraceEvent => ({
  ...{ ph: 'X', name: `at ${ts}`, cat: 'mvm', ts, dur, pid: 10, tid },
  args: { inference: 0, energy_pJ: 0 },
});
const start = (ts: number, id = 1, tid = 20): TraceEvent => ({
  ...{ ph: 's', name: 'task', cat: 'query', id, ts, pid: 10, tid },
});
const finish = (ts: number, id = 1, tid = 20): TraceEvent => ({
  ...{ ph: 'f', bp: 'e', name: 'task', cat: 'query', id, ts, pid: 10, tid },
});
const named = (pid: number, name: string, tid?: number): TraceEvent => ({
  ...{ ph: 'M', name: tid === undefined ? 'process_name' : 'thread_name', pid, args: { name } },
  ...(tid === undefined ? {} : { tid }),
});

describe('the rules of Perfetto’s importer', () => {
  test('a slice that reaches over the end of the one around it is dropped, one within it nests', () => {
    const { slices, errors } = imported([slice(0, 10), slice(5, 10), slice(6, 4), slice(10, 1)]);
    expect(slices.map(({ ts, depth }) => [ts, depth])).toEqual([
      [0, 0],
      [6000, 1],
      [10_000, 0],
    ]);
    expect(errors).toEqual({ slice_drop_overlapping_complete_event: 1 });
  });

  test('times are rounded one by one, so that neighbours may overlap', () => {
    // From 0.4 for 1.2 ns is from 0 for 1; from 0.6 for 1.6 ns is from 1 for 2, over what begins at 2.2.
    expect(imported([slice(0.0004, 0.0012), slice(0.0016, 0.002)]).errors).toEqual({});
    const over = imported([slice(0.0006, 0.0016), slice(0.0022, 0.002)]);
    expect(over.errors).toEqual({ slice_drop_overlapping_complete_event: 1 });
  });

  test('flows join the slices last begun on their tracks; those without are errors', () => {
    const sound = imported([slice(0, 10), slice(4, 2, 21), start(4), finish(4, 1, 21)]);
    expect(sound.flows.map(({ out, in: into }) => [out.tid, into.tid])).toEqual([[20, 21]]);
    expect(imported([start(4), slice(4, 1)]).errors).toEqual({ flow_no_enclosing_slice: 1 });
    expect(imported([slice(0, 1), finish(0)]).errors).toEqual({ flow_end_without_start: 1 });
    expect(imported([slice(0, 1), start(0), start(0)]).errors).toEqual({ flow_duplicate_id: 1 });
  });

  test('threads stand in order of their numbers, one numbered like its process first, without paths', () => {
    const events = [slice(0, 1, 20), slice(0, 1, 12), slice(0, 1, 10), named(10, '/a/b', 12), named(10, 'p')];
    expect(imported(events).processes).toEqual([
      { pid: 10, title: 'p', threads: ['nameless', 'b', 'nameless'] },
    ]);
  });
});

function imported(traceEvents: TraceEvent[]) {
  return importedByPerfetto({ traceEvents } as unknown as Trace);
}
