import { Fault } from '../../base/fault.ts';
import type { PartitionStrategy } from './partition.ts';

/** The first K MVM layers on crossbars, the rest digital: the cut of sub-network scheduling. */
export const prefix: PartitionStrategy = {
  name: 'prefix',
  usage: 'prefix:K',
  summary: 'the first K layers with constant weights on crossbars, the rest digital',
  choose(argument, candidates) {
    const count = layerCount('prefix', argument, candidates.length);
    return candidates.slice(0, count).map((candidate) => candidate.layer);
  },
};

/** The last K MVM layers on crossbars, those before them digital. */
export const suffix: PartitionStrategy = {
  name: 'suffix',
  usage: 'suffix:K',
  summary: 'the last K layers with constant weights on crossbars, those before digital',
  choose(argument, candidates) {
    const count = layerCount('suffix', argument, candidates.length);
    return candidates.slice(candidates.length - count).map((candidate) => candidate.layer);
  },
};

function layerCount(name: string, argument: string | undefined, available: number): number {
  if (argument !== undefined && /^\d{1,9}$/.test(argument) && Number(argument) <= available)
    return Number(argument);
  const got = argument === undefined ? 'none' : JSON.stringify(argument);
  throw new Fault(`schedule ${name}:K needs a number of layers K, got ${got}`, {
    cure: `K from 0 to ${available}, such as ${name}:${Math.ceil(available / 2)}`,
  });
}
