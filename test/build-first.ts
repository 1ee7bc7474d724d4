import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Builds `dist/` where it is older than what it is built from: worker threads and the command line run from there. */
export default function buildFirst(): void {
  const built = statSync(join(ROOT, 'dist/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).reduce(
    (latest, file) => Math.max(latest, statSync(join(ROOT, 'src', file)).mtimeMs),
    0,
  );
  if (newest <= built) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  // The compiler leaves what does not change as it is, with its old time.
  utimesSync(join(ROOT, 'dist/cli.js'), new Date(), new Date());
}
