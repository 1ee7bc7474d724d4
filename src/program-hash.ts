import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Rooms whose code decides what a network answers, and how long it takes. */
const PLAN = ['base', 'network', 'hardware', 'mapping', 'input'];
const ROOMS = {
  values: [...PLAN, 'numerics', 'experiment'],
  time: [...PLAN, 'engine', 'scheduling', 'machine', 'serving', 'experiment'],
};

/** Hash of the program that decides results of a kind: what an earlier version measured is measured anew. */
export function programHash(kind: keyof typeof ROOMS = 'values'): string {
  const hash = createHash('sha256');
  for (const room of ROOMS[kind]) {
    const folder = new URL(`./${room}/`, import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.d)\.(ts|js|wasm)$/.test(file))
      .sort();
    for (const file of files) hash.update(`${room}/${file}\n`).update(readFileSync(new URL(file, folder)));
  }
  return hash.digest('hex');
}
