import { Fault, nearestName } from '../../base/fault.ts';
import type { PartitionStrategy } from './partition.ts';

/** An explicit list of layers on crossbars, by name or by 1-based number among the MVM layers. */
export const layers: PartitionStrategy = {
  name: 'layers',
  usage: 'layers:A,B,…',
  summary: 'the listed layers on crossbars: names, or numbers among the layers with constant weights',
  choose(argument, candidates) {
    if (argument === undefined || argument.trim() === '') {
      throw new Fault('schedule layers:A,B needs a list of layers', {
        cure: 'such as layers:1,3 or layers:/fc1/Gemm',
      });
    }
    const names = candidates.map((candidate) => candidate.name);
    const picked = new Set<number>();
    for (const word of argument.split(',').map((part) => part.trim())) {
      const index = /^\d{1,9}$/.test(word) ? Number(word) - 1 : names.indexOf(word);
      const candidate = candidates[index];
      if (candidate === undefined) {
        const near = nearestName(word, names);
        throw new Fault(`schedule layers: no layer ${JSON.stringify(word)} with constant weights`, {
          cure:
            near === undefined ? `1 to ${names.length}, or: ${names.join(', ')}` : `did you mean ${near}?`,
        });
      }
      picked.add(candidate.layer);
    }
    return [...picked].sort((a, b) => a - b);
  },
};
