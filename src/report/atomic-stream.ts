import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cannotWrite, makeFolder } from './write-atomically.ts';

/** A file that grows piece by piece and appears whole or not at all. */
export interface AtomicStream {
  /** Appends; resolves when more may come. */
  write(text: string): Promise<void>;
  /** Puts the file in its place. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** Opens one, in its folder, which is made; gzip when the name ends in .gz. A Fault when it cannot be written. */
export async function openAtomicStream(file: string): Promise<AtomicStream> {
  const neighbour = `${file}.${process.pid}.part`;
  let failed: unknown;
  await makeFolder(dirname(file)).catch((error) => {
    throw cannotWrite(file, error, CURE);
  });
  const target = createWriteStream(neighbour, { flags: 'wx' });
  const entry = file.endsWith('.gz') ? createGzip() : target;
  if (entry !== target) entry.pipe(target);
  const end = finished(target);
  end.catch((error: unknown) => (failed ??= error));
  await new Promise<void>((resolve, reject) => {
    target.once('open', () => resolve());
    target.once('error', (error) => reject(cannotWrite(file, error, CURE)));
  });
  const discard = async () => {
    entry.destroy();
    target.destroy();
    await end.catch(() => undefined);
    await rm(neighbour, { force: true }).catch(() => undefined);
  };
  return {
    async write(text) {
      if (failed === undefined && !entry.write(text)) {
        const drained = new Promise<void>((resolve) => entry.once('drain', () => resolve()));
        await Promise.race([drained, end.catch(() => undefined)]);
      }
      if (failed !== undefined) throw cannotWrite(file, failed, CURE);
    },
    async commit() {
      try {
        entry.end();
        await end;
        await rename(neighbour, file);
      } catch (error) {
        await discard();
        throw cannotWrite(file, error, CURE);
      }
    },
    abort: discard,
  };
}

const CURE = 'choose another file or free the space';
