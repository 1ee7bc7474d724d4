import { Fault } from '../../base/fault.ts';
import type { PartitionStrategy } from './partition.ts';

/** Everything on digital cores. */
export const digital: PartitionStrategy = {
  name: 'digital',
  usage: 'digital',
  summary: 'every layer on digital cores',
  choose(argument) {
    refuseArgument('digital', argument);
    return [];
  },
};

/** Every layer whose weights are constant on crossbars. */
export const analog: PartitionStrategy = {
  name: 'analog',
  usage: 'analog',
  summary: 'every layer with constant weights on crossbars',
  choose(argument, candidates) {
    refuseArgument('analog', argument);
    return candidates.map((candidate) => candidate.layer);
  },
};

function refuseArgument(name: string, argument: string | undefined): void {
  if (argument === undefined) return;
  throw new Fault(`schedule ${name} takes no argument, got ${JSON.stringify(argument)}`, {
    cure: `write ${name}`,
  });
}
