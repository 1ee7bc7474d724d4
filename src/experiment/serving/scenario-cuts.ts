import { Fault, type Place } from '../../base/fault.ts';
import type { Scenario } from '../../input/scenario.ts';
import { type NetworkToRun, readNetworkToRun } from '../../input/workload-network.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import { lowerNetwork } from '../../mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from '../../mapping/partition/index.ts';
import type { Partition } from '../../mapping/partition/partition.ts';

/**
 * Throws a Fault with its place where a scenario names a cut that its network does not have, gives accuracies for other cuts
 * than those it names, or has a policy whose cut is none of any model. Nothing has to be measured for it.
 */
export function checkCuts(scenario: Spec<Scenario>, networks: readonly NetworkToRun[]): void {
  const { value, place } = scenario;
  const known = cutsOf(scenario, networks);
  const all = [...new Set(known.flat())];
  for (const [name, { window }] of Object.entries(value.policies)) {
    const placeOf = (key: readonly string[]) => place(['policies', name, 'window', ...key]);
    if (window.type === 'static' && typeof window.cut === 'string')
      checkCut(window.cut, all, placeOf(['cut']));
    if (window.type !== 'best-static') continue;
    for (const [model, cut] of Object.entries(window.cuts as Readonly<Record<string, string>>)) {
      const names = networks.map((network, index) => value.models[index]!.name ?? network.name);
      if (!names.includes(model)) {
        const cure = `models: ${names.join(', ')}`;
        throw new Fault(`there is no model ${model}`, { cure, place: placeOf(['cuts', model]) });
      }
      checkCut(cut, known[names.indexOf(model)]!, placeOf(['cuts', model]));
    }
  }
}

/** Faults where policies named `static:CUT` name a cut that no model of a scenario has. Nothing has to be measured for it. */
export async function checkNamedCuts(names: readonly string[], scenario: Spec<Scenario>): Promise<void> {
  const written = Object.keys(scenario.value.policies);
  const cuts = names.filter((name) => name.startsWith(STATIC) && !written.includes(name));
  if (cuts.length === 0) return;
  const networks: NetworkToRun[] = [];
  for (const { workload } of scenario.value.models) networks.push(await readNetworkToRun(workload));
  const known = [...new Set(cutsOf(scenario, networks).flat())];
  for (const name of cuts) checkCut(name.slice(STATIC.length), known);
}

const STATIC = 'static:';

/** A Fault where a cut is not among those known. */
export function checkCut(cut: string, known: readonly string[], place?: Place): void {
  if (known.includes(cut)) return;
  throw new Fault(`no model has a cut ${JSON.stringify(cut)}`, { cure: `cuts: ${known.join(', ')}`, place });
}

/** Cuts of each model: those named, or the default ones, of which some may not fit. Faults where what is named is no cut. */
function cutsOf(scenario: Spec<Scenario>, networks: readonly NetworkToRun[]): readonly (readonly string[])[] {
  const { value, place } = scenario;
  return networks.map(({ network, trained }, index) => {
    const { cuts, accuracy } = value.models[index]!;
    // Signs of inputs matter to times, not to cuts.
    const { candidates } = lowerNetwork(network, true);
    if (cuts === undefined) return defaultCuts(candidates);
    const partitions = cuts.map((cut, number) =>
      at(place(['models', index, 'cuts', number]), () => partitionFrom(cut, candidates)),
    );
    if (typeof trained === 'string' || accuracy !== undefined)
      givenAccuracies(partitions, index, scenario, trained);
    return cuts;
  });
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
