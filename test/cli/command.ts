import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a command line did. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `kirchhoff` as a user would, in the project's folder unless told otherwise. */
export function kirchhoff(words: readonly string[], options: { cwd?: string } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}dist/cli.js`, ...words], {
    cwd: options.cwd ?? ROOT,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 64 << 20,
  });
  return { code: status, out: stdout, err: stderr };
}
