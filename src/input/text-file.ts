import { readFile, stat } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';

/**
 * The text of a UTF-8 file that a person wrote. Throws a Fault when there is no such regular file, it is larger
 * than `limit` bytes or not UTF-8.
 */
export async function readTextFile(file: string, limit: number): Promise<string> {
  const place = { file };
  let bytes: Buffer;
  try {
    const status = await stat(file);
    if (!status.isFile()) {
      throw new Fault(status.isDirectory() ? 'is a folder' : 'is not a regular file', {
        cure: 'name a file',
        place,
      });
    }
    if (status.size > limit) {
      throw new Fault(`has ${status.size} bytes`, { cure: `at most ${limit}: is it a spec?`, place });
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(systemText(error), { cure: 'check the name of the file', place });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('is not UTF-8 text', {
      cure: 'save it as UTF-8; models and data are named inside a spec',
      place,
    });
  }
}

/** What the operating system said, in words. */
export function systemText(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file: a part of its path is not a folder',
    EACCES: 'no permission to read it',
    ELOOP: 'its links run in a circle',
    ENAMETOOLONG: 'its name is too long',
  };
  return known[code ?? ''] ?? `cannot be read: ${code ?? String(error)}`;
}
