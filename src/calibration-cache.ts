import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CalibrationMemory } from './numerics/calibration-memory.ts';
import { programHash } from './program-hash.ts';
import { writeAtomically } from './report/write-atomically.ts';

/** Files kept at most, of some KiB each; beyond, the older half goes. */
const MOST_FILES = 2000;

/**
 * What calibrations found, in memory and, with a folder, in files: one for each key, written whole or not at all, kept
 * apart by version of the program. A folder that cannot be read or written is gone without.
 */
export class CalibrationCache implements CalibrationMemory {
  readonly #folder: string | undefined;
  readonly #values = new Map<string, unknown>();
  #program: string | undefined;
  #kept = 0;

  constructor(folder?: string) {
    this.#folder = folder;
  }

  async read(key: string): Promise<unknown> {
    if (this.#values.has(key) || this.#folder === undefined) return this.#values.get(key);
    try {
      const value: unknown = JSON.parse(await readFile(this.#file(this.#folder, key), 'utf8'));
      this.#values.set(key, value);
      return value;
    } catch {
      return undefined;
    }
  }

  async keep(key: string, value: unknown): Promise<void> {
    this.#values.set(key, value);
    if (this.#folder === undefined) return;
    try {
      await writeAtomically(this.#file(this.#folder, key), `${JSON.stringify(value)}\n`);
      if (this.#kept++ % 100 === 0) await thinOut(this.#folder);
    } catch {
      // Calibrating again next time is all that is lost.
    }
  }

  #file(folder: string, key: string): string {
    this.#program ??= programHash();
    const name = createHash('sha256').update(`${this.#program} ${key}`).digest('hex');
    return join(folder, `${name.slice(0, 32)}.json`);
  }
}

/**
 * The folder of this user's calibrations: KIRCHHOFF_CACHE, or `kirchhoff` in XDG_CACHE_HOME or ~/.cache; undefined
 * when KIRCHHOFF_CACHE is `off`.
 */
export function calibrationFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { KIRCHHOFF_CACHE: own, XDG_CACHE_HOME: caches } = env;
  if (own === 'off') return undefined;
  if (own !== undefined && own !== '') return own;
  return join(caches !== undefined && caches !== '' ? caches : join(homedir(), '.cache'), 'kirchhoff');
}

/** Removes the older half of the files once there are too many. */
async function thinOut(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  if (names.length <= MOST_FILES) return;
  const files = names.map((name) => join(folder, name));
  const aged = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
  aged.sort((a, b) => a.time - b.time);
  await Promise.all(aged.slice(0, files.length >> 1).map(({ file }) => rm(file, { force: true })));
}
