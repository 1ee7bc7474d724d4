import { Fault, type Place } from './base/fault.ts';
import type { Scenario } from './input/scenario.ts';
import type { NetworkToRun } from './input/workload-network.ts';
import type { Spec } from './input/yaml/read-yaml.ts';
import { lowerNetwork } from './mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from './mapping/partition/index.ts';
import type { Partition } from './mapping/partition/partition.ts';

/**
 * Throws a Fault with its place where a scenario names a cut that its network does not have, gives accuracies for other cuts
 * than those it names, or has a policy whose cut is none of any model. Nothing has to be measured for it.
 */
export function checkCuts(scenario: Spec<Scenario>, networks: readonly NetworkToRun[]): void {
  const { value, place } = scenario;
  const known = new Set<string>();
  networks.forEach(({ network, trained }, index) => {
    const { cuts, accuracy } = value.models[index]!;
    // Signs of inputs matter to times, not to cuts.
    const { candidates } = lowerNetwork(network, true);
    for (const name of cuts ?? defaultCuts(candidates)) known.add(name);
    if (cuts === undefined) return;
    const partitions = cuts.map((cut, number) =>
      at(place(['models', index, 'cuts', number]), () => partitionFrom(cut, candidates)),
    );
    if (typeof trained === 'string' || accuracy !== undefined)
      givenAccuracies(partitions, index, scenario, trained);
  });
  for (const [name, { window }] of Object.entries(value.policies)) {
    const { cut } = window;
    if (typeof cut !== 'string' || known.has(cut)) continue;
    throw new Fault(`no model has a cut ${JSON.stringify(cut)}`, {
      cure: `cuts: ${[...known].join(', ')}`,
      place: place(['policies', name, 'window', 'cut']),
    });
  }
}

/** What an action returns; a Fault that it ends in gets the place where it has none. */
export function at<T>(place: Place, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Fault ? error.at(place) : error;
  }
}

/** Accuracies that the scenario gives for a network that cannot be asked. */
export function givenAccuracies(
  partitions: readonly Partition[],
  index: number,
  { value, place }: Spec<Scenario>,
  why: NetworkToRun['trained'],
): readonly number[] {
  const { accuracy } = value.models[index]!;
  if (accuracy === undefined) {
    throw new Fault(`the accuracy of its cuts is not known: ${why as string}`, {
      cure: `add accuracy: {${partitions.map(({ name }) => `'${name}': 90 %`).join(', ')}}`,
      place: place(['models', index]),
    });
  }
  const known = partitions.map(({ name }) => name);
  for (const name of Object.keys(accuracy)) {
    if (known.includes(name)) continue;
    throw new Fault(`${name} is not among the cuts`, {
      cure: `cuts: ${known.join(', ')}`,
      place: place(['models', index, 'accuracy', name], 'key'),
    });
  }
  return partitions.map(({ name }) => {
    const share = accuracy[name];
    if (share !== undefined) return share;
    throw new Fault(`the accuracy of ${name} is missing`, {
      cure: `add '${name}': 90 %`,
      place: place(['models', index, 'accuracy']),
    });
  });
}
