import { constants, renameSync, rmSync } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../base/fault.ts';

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed. Creates the folder. A Fault says
 * when the folder cannot be written.
 */
export function writeAtomically(file: string, text: string): Promise<void> {
  return writeTogether([[file, text]]);
}

/**
 * Writes files that belong together, each whole or not at all. Wherever this is interrupted, all that lie there are of one
 * time: those before, or the first of the new ones. All are written aside first; then the old ones but the first go, and
 * the new ones take their places in order.
 */
export async function writeTogether(
  files: readonly (readonly [file: string, text: string])[],
): Promise<void> {
  const asideOf = (file: string) => `${file}.${process.pid}.part`;
  let now = files[0]![0];
  try {
    for (const [file, text] of files) {
      now = file;
      await makeFolder(dirname(file));
      await writeFile(asideOf(file), text, { flag: 'wx' });
    }
    // In one go: no signal comes between.
    for (const [file] of files.slice(1)) {
      now = file;
      rmSync(file, { force: true });
    }
    for (const [file] of files) {
      now = file;
      renameSync(asideOf(file), file);
    }
  } catch (error) {
    for (const [file] of files) rmSync(asideOf(file), { force: true });
    throw cannotWrite(now, error);
  }
}

/** Refuses a folder that could not be made or written, before hours of work go into what belongs there. */
export async function checkWritable(folder: string): Promise<void> {
  try {
    const parent = await nearestExisting(folder);
    if (!(await stat(parent)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(parent, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/**
 * Creates a folder and those above it.
 * One folder at a time: `mkdir` with `recursive` never returns where folders vanish, as under /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  if ((await nearestExisting(folder)) === folder) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return nearestExisting(parent);
  }
}

/** The fault of a path that cannot be written. */
export function cannotWrite(
  path: string,
  error: unknown,
  cure = 'choose another --out folder or free the space',
) {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new Fault(`cannot write ${path} (${code})`, { cure });
}
