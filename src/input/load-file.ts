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
  load: { readonly type: string; readonly file?: unknown; readonly unit?: unknown },
  models: readonly string[],
  resolve: (file: string) => string,
): Promise<LoadFile | undefined> {
  if (load.type !== 'trace' && load.type !== 'counts') return undefined;
  const file = resolve(load.file as string);
  const { rows, sha256 } =
    load.type === 'trace'
      ? await readArrivalTrace(file, load.unit as string, models)
      : await readArrivalCounts(file);
  return { rows, input: { role: load.type === 'trace' ? 'trace' : 'counts of queries', file, sha256 } };
}
