import { Fault } from '../base/fault.ts';
import type { TraceRows } from '../load/trace.ts';
import { readArrivalCounts } from './arrival-counts.ts';
import { readArrivalTrace } from './arrival-trace.ts';

/** What a load plays from its file: rows, and the file for the provenance. */
export interface LoadFile {
  /** The parameter `rows` of the load. */
  readonly rows: unknown;
  readonly input: { readonly role: string; readonly file: string; readonly sha256: string };
}

/**
 * Reads the file that a load names, a path from `resolve`; undefined where its law needs none. Throws a Fault with file, line and
 * column.
 */
export async function readLoadFile(
  load: {
    readonly type: string;
    readonly file?: unknown;
    readonly unit?: unknown;
    readonly repeat?: unknown;
  },
  models: readonly string[],
  resolve: (file: string) => string,
): Promise<LoadFile | undefined> {
  if (load.type !== 'trace' && load.type !== 'counts') return undefined;
  const file = resolve(load.file as string);
  if (load.type === 'counts') {
    const { rows, sha256 } = await readArrivalCounts(file);
    return { rows, input: { role: 'counts of queries', file, sha256 } };
  }
  const { rows, sha256 } = await readArrivalTrace(file, load.unit as string, models);
  if (load.repeat !== undefined && load.repeat !== 1) checkLasts(rows, file);
  return { rows, input: { role: 'trace', file, sha256 } };
}

/** A Fault where all queries of a trace come at once: nothing says when it would begin again. */
function checkLasts({ time }: TraceRows, file: string): void {
  if (time[time.length - 1]! > 0) return;
  const queries =
    time.length === 1 ? 'is of one query' : `is of ${time.length.toLocaleString('en')} queries at one time`;
  throw new Fault(`${queries}, so that nothing says after which time repeat plays it again`, {
    cure: 'leave out repeat, or record at least two times; for queries after equal gaps play uniform',
    place: { file },
  });
}
