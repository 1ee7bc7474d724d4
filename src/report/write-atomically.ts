import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../base/fault.ts';

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed. Creates the folder. A Fault says
 * when the folder cannot be written.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const neighbour = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(neighbour, text, { flag: 'wx' });
    await rename(neighbour, file);
  } catch (error) {
    await rm(neighbour, { force: true }).catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Fault(`cannot write ${file} (${code})`, {
      cure: 'choose another --out folder or free the space',
    });
  }
}
