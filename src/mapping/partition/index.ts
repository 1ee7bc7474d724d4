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

/** All-digital, every cut after K layers, all-analog: what a run compares when no schedule is named. */
export function everyCut(candidates: readonly Candidate[]): readonly string[] {
  const cuts: string[] = ['digital'];
  for (let count = 1; count < candidates.length; count++) cuts.push(`prefix:${count}`);
  if (candidates.length > 0) cuts.push('analog');
  return cuts;
}
