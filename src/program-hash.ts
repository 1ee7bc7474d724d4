import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Rooms whose code decides what a network answers. */
const ROOMS = ['base', 'network', 'hardware', 'mapping', 'input', 'numerics'];

/** Hash of the program that decides results: what an earlier version measured is measured anew. */
export function programHash(): string {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const folder = new URL(`./${room}/`, import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.d)\.(ts|js|wasm)$/.test(file))
      .sort();
    for (const file of files) hash.update(`${room}/${file}\n`).update(readFileSync(new URL(file, folder)));
  }
  return hash.digest('hex');
}
