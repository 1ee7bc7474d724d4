import { Fault } from '../base/fault.ts';
import { quantity } from '../base/quantity.ts';
import { withUnits } from '../base/units.ts';
import { openAtomicStream } from '../report/atomic-stream.ts';
import { engineering } from '../report/format.ts';
import type { TraceRequest } from '../experiment/tracing.ts';

/** Flags of `kirchhoff run` for a trace. */
export interface TraceOptions {
  readonly trace?: string;
  readonly traceSchedule?: string;
  readonly traceWindow?: string;
  readonly traceEvents: number;
}

/** A trace file on its way: what the run is asked for, and what becomes of the file. */
export interface TraceFile {
  readonly request: TraceRequest | undefined;
  /** Puts the file in its place; what it leaves out, in words. */
  commit(): Promise<readonly string[]>;
  abort(): Promise<void>;
}

/** Opens the file of `--trace`, if there is one. A Fault when it cannot be written, or a flag makes no sense. */
export async function openTrace(options: TraceOptions): Promise<TraceFile> {
  const { trace: file, traceSchedule: schedule, traceWindow, traceEvents: limit } = options;
  if (file === undefined) {
    if (schedule === undefined && traceWindow === undefined) return NO_TRACE;
    const flag = schedule === undefined ? '--trace-window' : '--trace-schedule';
    throw new Fault(`${flag} without --trace`, { cure: 'add --trace FILE' });
  }
  if (!/\.json(\.gz)?$/.test(file)) {
    throw new Fault(`--trace ${file} is no trace file`, {
      cure: 'name it .json, or .json.gz to compress it',
    });
  }
  const { from, to } = await traceSpan(traceWindow);
  const stream = await openAtomicStream(file);
  const said: string[] = [];
  return {
    request: {
      ...(schedule === undefined ? {} : { schedule }),
      window: { from, to, limit },
      write: (text) => stream.write(text),
      onSummary({ beyondLimit, missingFrom, elapsed }) {
        if (beyondLimit > 0) {
          said.push(
            `trace: ${beyondLimit} slices from ${engineering(missingFrom! / TICKS_PER_SECOND, 's')} on left out, ${limit} events hold no more (--trace-window shows a later part, --trace-events allows more)`,
          );
        }
        if (from >= elapsed) {
          said.push(`trace: empty, the play ends at ${engineering(elapsed / TICKS_PER_SECOND, 's')}`);
        }
      },
    },
    async commit() {
      await stream.commit();
      return said;
    },
    abort: () => stream.abort(),
  };
}

/** Ticks of a span such as `10 us..2 * 10 us`, either end of which may be missing. */
export async function traceSpan(text: string | undefined): Promise<{ from: number; to: number }> {
  if (text === undefined) return { from: 0, to: Number.POSITIVE_INFINITY };
  const parts = text.split('..');
  if (parts.length !== 2) {
    throw new Fault(`--trace-window ${JSON.stringify(text)} is no span of time`, {
      cure: 'such as 10 us..20 us',
    });
  }
  const [from, to] = await withUnits(() =>
    parts.map((part) => (part.trim() === '' ? undefined : ticksOf(part))),
  );
  const span = { from: from ?? 0, to: to ?? Number.POSITIVE_INFINITY };
  if (span.from < span.to) return span;
  throw new Fault(`--trace-window ${JSON.stringify(text)} ends before it begins`, {
    cure: 'such as 10 us..20 us',
  });
}

const time = quantity('s', { min: 0, max: 9000, example: '10 us' });

function ticksOf(text: string): number {
  const read = time.safeParse(text.trim());
  if (read.success) return Math.round(read.data * TICKS_PER_SECOND);
  const [issue] = read.error.issues;
  const cure = issue?.code === 'custom' ? (issue.params as { cure?: string } | undefined)?.cure : undefined;
  throw new Fault(`--trace-window: ${issue!.message}`, { cure });
}

const TICKS_PER_SECOND = 1e12;

const NO_TRACE: TraceFile = {
  request: undefined,
  commit: () => Promise.resolve([]),
  abort: () => Promise.resolve(),
};
