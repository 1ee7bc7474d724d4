import type { Trace, TraceEvent } from '../../src/report/trace-format.ts';

/** A row of Perfetto's table `slice`, with its process and thread. */
export interface ImportedSlice {
  readonly id: number;
  /** ns. */
  readonly ts: number;
  readonly dur: number;
  /** Slices open around it on its track. */
  readonly depth: number;
  readonly name: string;
  readonly category: string;
  readonly pid: number;
  readonly tid: number;
  readonly inference: number;
}

/** The tables that Perfetto makes of a trace, and the errors that its table `stats` counts. */
export interface ImportedTrace {
  readonly slices: readonly ImportedSlice[];
  readonly flows: readonly { readonly out: ImportedSlice; readonly in: ImportedSlice }[];
  /** By process and name. */
  readonly counters: ReadonlyMap<string, readonly { readonly ts: number; readonly value: number }[]>;
  /** In the order in which its viewer shows them, with what it writes beside them. */
  readonly processes: readonly {
    readonly pid: number;
    readonly title: string;
    readonly threads: readonly string[];
  }[];
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * What Perfetto's importer of JSON traces makes of one, by the rules of its sources (`src/trace_processor/importers/json`
 * and `common`, 2025): times rounded to ns one by one, events in order of time and then of the file; a slice that begins in
 * another and ends after it is dropped; a flow is bound to the slice last begun on its track; each series of a counter is a
 * track. Its viewer puts processes in order of their sort index and threads in order of their number, a thread numbered like
 * its process first; it cuts names that begin with a slash down to what follows the last one.
 */
export function importedByPerfetto(trace: Trace): ImportedTrace {
  const slices: ImportedSlice[] = [];
  const flows: { out: ImportedSlice; in: ImportedSlice }[] = [];
  const counters = new Map<string, { ts: number; value: number }[]>();
  const errors: Record<string, number> = {};
  const fail = (error: string) => {
    errors[error] = (errors[error] ?? 0) + 1;
  };
  const names = new Map<string, string>();
  const places = new Map<number, number>();
  for (const event of trace.traceEvents) {
    if (event.ph !== 'M') continue;
    const key = event.name.startsWith('process') ? `${event.pid}` : `${event.pid}/${event.tid}`;
    if ('name' in event.args) names.set(key, event.args.name);
    else if (event.name === 'process_sort_index') places.set(event.pid, event.args.sort_index);
  }

  const stacks = new Map<string, ImportedSlice[]>();
  const open = new Map<string, ImportedSlice>();
  for (const event of inOrder(trace.traceEvents)) {
    const ts = nanoseconds(event.ts);
    if (event.ph === 'C') {
      for (const [series, value] of Object.entries(event.args)) {
        const key = `${event.pid} ${event.name} ${series}`;
        const values = counters.get(key);
        if (values === undefined) counters.set(key, [{ ts, value }]);
        else values.push({ ts, value });
      }
      continue;
    }
    const track = `${event.pid}/${event.tid}`;
    const stack = stacks.get(track) ?? [];
    stacks.set(track, stack);
    if (event.ph === 'X') {
      const dur = nanoseconds(event.dur);
      if (!begins(stack, ts, dur)) {
        fail('slice_drop_overlapping_complete_event');
        continue;
      }
      const { pid, tid, name, cat: category, args } = event;
      const { inference } = args;
      const slice = { id: slices.length, depth: stack.length, ts, dur, name, category, pid, tid, inference };
      slices.push(slice);
      stack.push(slice);
      continue;
    }
    const slice = stack.at(-1);
    const flow = `${event.cat} ${event.name} ${event.id}`;
    const from = open.get(flow);
    if (slice === undefined) fail('flow_no_enclosing_slice');
    else if (event.ph === 'f' && from === undefined) fail('flow_end_without_start');
    else if (event.ph === 'f') flows.push({ out: from!, in: slice });
    else if (from !== undefined) fail('flow_duplicate_id');
    else open.set(flow, slice);
  }

  const pids = [...new Set([...slices.map(({ pid }) => pid), ...places.keys()])];
  pids.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0) || a - b);
  const processes = pids.map((pid) => {
    const tids = [...new Set(slices.filter((slice) => slice.pid === pid).map(({ tid }) => tid))];
    tids.sort((a, b) => Number(b === pid) - Number(a === pid) || a - b);
    return {
      pid,
      title: shownName(names.get(`${pid}`)),
      threads: tids.map((tid) => shownName(names.get(`${pid}/${tid}`))),
    };
  });
  return { slices, flows, counters, processes, errors };
}

/** Closes what has ended; whether a slice may begin, within what is still open or beside it. */
function begins(stack: ImportedSlice[], ts: number, dur: number): boolean {
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const end = top.ts + top.dur;
    const bothInstants = top.dur === 0 && dur === 0;
    if (end > ts || (end === ts && bothInstants)) break;
    stack.pop();
  }
  return stack.every((slice) => ts >= slice.ts + slice.dur || ts + dur <= slice.ts + slice.dur);
}

type Timed = Exclude<TraceEvent, { ph: 'M' }>;

function inOrder(events: readonly TraceEvent[]): readonly Timed[] {
  const timed = events.filter((event): event is Timed => event.ph !== 'M');
  return timed.sort((a, b) => nanoseconds(a.ts) - nanoseconds(b.ts));
}

function nanoseconds(microseconds: number): number {
  return Math.round(microseconds * 1000);
}

function shownName(name = 'nameless'): string {
  return name.startsWith('/') ? name.split('/').at(-1)! : name;
}
