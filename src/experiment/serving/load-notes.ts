import { basename } from 'node:path';
import { RandomStream } from '../../base/random-stream.ts';
import type { TraceRows } from '../../load/trace.ts';
import { loadModels } from '../../load/index.ts';
import { TICKS_PER_SECOND } from '../../machine/ticks.ts';
import { engineering } from '../../report/format.ts';
import type { LoadChoice } from '../../serving/run-job.ts';

/** What a user should know about a load, in sentences: queries of its trace that no run plays. */
export function loadNotes({ load, duration, queries }: LoadChoice): readonly string[] {
  if (load.type !== 'trace') return [];
  const { file, rows, repeat } = load as unknown as TraceLoad;
  const all = rows.time.length * repeat;
  const opened = loadModels.get(load.type).open(load as never, new RandomStream(0, 0));
  if (opened.kind === 'closed') return [];
  const end = Math.round(duration * TICKS_PER_SECOND);
  let played = 0;
  while (played < queries) {
    const arrival = opened.next();
    if (arrival === undefined || Math.round(arrival.time * TICKS_PER_SECOND) >= end) break;
    played += 1;
  }
  if (played === all) return [];
  const count = (number: number) => number.toLocaleString('en');
  const of = repeat === 1 ? count(all) : `${count(repeat)} × ${count(rows.time.length)}`;
  const cause =
    played === queries
      ? `after the ${count(queries)} queries that come at most`
      : `after the duration of ${engineering(duration, 's')}`;
  const verb = all - played === 1 ? ['comes', 'was'] : ['come', 'were'];
  return [
    `${basename(file)}: ${count(all - played)} of ${of} rows ${verb[0]} ${cause} and ${verb[1]} not played.`,
  ];
}

interface TraceLoad {
  readonly file: string;
  readonly rows: TraceRows;
  readonly repeat: number;
}
