import { Registry } from '../../base/registry.ts';
import { prefix, suffix } from './cut.ts';
import { layers } from './layers.ts';
import type { Candidate, Partition, PartitionStrategy } from './partition.ts';
import { analog, digital } from './whole.ts';

/** Every rule that `--schedule` may name. */
export const partitionStrategies = new Registry<PartitionStrategy>('schedule', [
  digital,
  analog,
  prefix,
  suffix,
  layers,
]);

/** The partition that a text such as `prefix:3` asks for. */
export function partitionFrom(text: string, candidates: readonly Candidate[]): Partition {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const argument = colon < 0 ? undefined : text.slice(colon + 1);
  return { name: text, analog: partitionStrategies.get(name).choose(argument, candidates) };
}

/** All-digital, every cut after K layers, all-analog. */
export function everyCut(candidates: readonly Candidate[]): readonly string[] {
  return cuts(
    candidates,
    candidates.map((_, index) => index),
  );
}

/**
 * What a run compares when no schedule is named: every cut or, of networks of more than 24 layers, the cuts at
 * which another eighth of the MACs is done.
 */
export function defaultCuts(candidates: readonly Candidate[]): readonly string[] {
  return candidates.length > EVERY_CUT ? cuts(candidates, cutsByMacs(candidates)) : everyCut(candidates);
}

function cuts(candidates: readonly Candidate[], counts: readonly number[]): readonly string[] {
  const prefixes = counts.filter((count) => count > 0).map((count) => `prefix:${count}`);
  return ['digital', ...prefixes, ...(candidates.length > 0 ? ['analog'] : [])];
}

/** Layers up to which a table of every cut is read and computed readily. */
const EVERY_CUT = 24;
const PARTS = 8;

/** Ascending numbers of layers, fewer than all, nearest to which k / PARTS of the MACs are done. */
function cutsByMacs(candidates: readonly Candidate[]): readonly number[] {
  const done: number[] = [0];
  for (const { macs } of candidates) done.push(done.at(-1)! + macs);
  const counts = new Set<number>();
  for (let part = 1; part < PARTS; part++) {
    const wanted = (done.at(-1)! * part) / PARTS;
    const nearest = done.reduce(
      (best, macs, count) => (Math.abs(macs - wanted) < Math.abs(done[best]! - wanted) ? count : best),
      0,
    );
    if (nearest < candidates.length) counts.add(nearest);
  }
  return [...counts];
}
