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
export function spawnKirchhoff(words: readonly string[], options: { cwd?: string } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}dist/cli.js`, ...words], {
    cwd: options.cwd ?? ROOT,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 64 << 20,
  });
  return { code: status, out: stdout, err: stderr };
}

/** The built `kirchhoff`, run in this process: the same without a second of starting. */
export async function kirchhoff(words: readonly string[]): Promise<Outcome> {
  const { main } = (await import(`${ROOT}dist/cli.js`)) as typeof import('../../src/cli.ts');
  const out = listen(process.stdout);
  const err = listen(process.stderr);
  try {
    const code = await main(words);
    return { code, out: out.text(), err: err.text() };
  } finally {
    out.stop();
    err.stop();
  }
}

/** Keeps what is written to a stream instead of writing it. */
function listen(stream: NodeJS.WriteStream): { text(): string; stop(): void } {
  const { write } = stream;
  const chunks: Buffer[] = [];
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    chunks.push(Buffer.from(chunk as Uint8Array));
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    stop: () => (stream.write = write),
  };
}
