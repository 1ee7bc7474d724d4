import { expect } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import type { Candidate, PartitionStrategy } from '../../src/mapping/partition/partition.ts';

/** Layers to choose among. */
export const candidates: readonly Candidate[] = [3, 5, 8, 13].map((layer, index) => ({
  layer,
  name: `layer${index}`,
  macs: (index * 7) % 5,
}));
const ARGUMENTS = [
  undefined,
  '',
  '0',
  '1',
  '2',
  '4',
  '5',
  '-1',
  '1.5',
  'x',
  '1,2',
  '9,9',
  '1e9',
  '__proto__',
  'layer2',
  ' ',
];

/** What every partition strategy must do, whatever its rule. */
export function partitionStrategyContract(strategy: PartitionStrategy): void {
  let accepted = 0;
  for (const argument of ARGUMENTS) {
    for (const among of [candidates, candidates.slice(0, 1), []]) {
      let chosen: readonly number[];
      try {
        chosen = strategy.choose(argument, among);
      } catch (error) {
        expect(error, `${strategy.name}:${argument}`).toBeInstanceOf(Fault);
        expect((error as Fault).cure, `${strategy.name}:${argument} names no cure`).toBeTruthy();
        continue;
      }
      accepted += 1;
      expect(chosen, `${strategy.name}:${argument}`).toEqual([...new Set(chosen)].sort((a, b) => a - b));
      expect(among.map((candidate) => candidate.layer)).toEqual(expect.arrayContaining([...chosen]));
      expect(strategy.choose(argument, among)).toEqual(chosen);
    }
  }
  expect(accepted, `${strategy.name} accepts nothing`).toBeGreaterThan(0);
}
