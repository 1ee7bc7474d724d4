import { Fault } from '../../base/fault.ts';
import type { ArchitectureSpec } from '../../hardware/architecture.ts';
import { readSamples, type Samples } from '../../input/samples.ts';
import type { Scenario } from '../../input/scenario.ts';
import type { NetworkToRun } from '../../input/workload-network.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import { type LoweredNetwork, lowerNetwork } from '../../mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from '../../mapping/partition/index.ts';
import type { Partition } from '../../mapping/partition/partition.ts';
import { crossbarCount, type Region } from '../../mapping/placement.ts';
import { NoRoom, regionsOf } from '../../mapping/regions.ts';
import { movedCuts, type PlacedCuts, residentCuts } from '../../mapping/resident-cuts.ts';
import { at, givenAccuracies } from './scenario-cuts.ts';

/** A model of a scenario on its share of a chip. */
export interface PlacedModel {
  readonly name: string;
  readonly network: NetworkToRun;
  readonly lowered: LoweredNetwork;
  readonly region: Region;
  readonly placed: PlacedCuts;
  /** What its cuts are asked; or, where nothing is, the accuracy of each as the scenario gives it. */
  readonly samples: Samples | undefined;
  readonly accuracies: readonly number[] | undefined;
}

/** Places every model on its share of the crossbars. Faults of all that cannot be measured, which takes longer. */
export async function placeModels(
  scenario: Spec<Scenario>,
  networks: readonly NetworkToRun[],
  names: readonly string[],
  spec: ArchitectureSpec,
): Promise<readonly PlacedModel[]> {
  const { value, place } = scenario;
  const regions = shares(scenario, spec);
  checkProgramming(scenario, spec);
  const models: PlacedModel[] = [];
  for (const [index, network] of networks.entries()) {
    const { cuts, accuracy } = value.models[index]!;
    const { trained } = network;
    const region = regions[index]!;
    const samples =
      typeof trained === 'string' || accuracy !== undefined
        ? undefined
        : await readSamples(trained, network.network.input.shape, value.samples);
    const signedInput = network.inputSigned ?? (await signed(network, samples?.signed));
    const lowered = lowerNetwork(network.network, signedInput);
    const placed = at(place(['models', index]), () =>
      placeCuts(lowered, spec, region, cuts, value.weights === 'moved'),
    );
    const partitions = placed.schedules.map(({ partition }) => partition);
    const accuracies =
      samples === undefined ? givenAccuracies(partitions, index, scenario, trained) : undefined;
    models.push({ name: names[index]!, network, lowered, region, placed, samples, accuracies });
  }
  return models;
}

/** Crossbars of each model: what the scenario says, the rest shared evenly among those on a device. */
function shares({ value, place }: Spec<Scenario>, spec: ArchitectureSpec): readonly Region[] {
  const available = crossbarCount(spec);
  const demands = value.models.map(({ crossbars, devices }) => ({
    crossbars,
    devices: devices ?? Array.from({ length: value.devices }, (_, device) => device),
  }));
  try {
    return regionsOf(demands, available);
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    const { demand, device, asked } = error;
    throw new Fault(
      `the models on device ${device} ask for ${asked} crossbars together, a device has ${available}`,
      {
        cure: 'ask for fewer, give the chip more tiles, or keep models on different devices',
        place: place(['models', demand, 'crossbars']),
      },
    );
  }
}

/** Faults where a scenario lets weights move on a chip that does not say how cells are programmed. */
function checkProgramming({ value, place }: Spec<Scenario>, spec: ArchitectureSpec): void {
  if (spec.analogCore?.programming !== undefined) return;
  const cure = 'give the chip analogCore.programming, such as {rowTime: 1 us, cellEnergy: 10 pJ}';
  if (value.weights === 'moved') {
    throw new Fault('the chip does not say what moving weights takes', { cure, place: place(['weights']) });
  }
  for (const [name, { window }] of Object.entries(value.policies)) {
    if (!('moves' in window) || !window.moves) continue;
    throw new Fault(`policy ${name} moves models, and the chip does not say what that takes`, {
      cure,
      place: place(['policies', name, 'window', 'moves']),
    });
  }
}

/** The cuts that the scenario names, or of the default ones those that fit together. */
function placeCuts(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  region: Region,
  named: readonly string[] | undefined,
  moved: boolean,
): PlacedCuts {
  const partition = (name: string): Partition => partitionFrom(name, lowered.candidates);
  const placeAll = (names: readonly string[]) =>
    (moved ? movedCuts : residentCuts)(lowered, names.map(partition), spec, region);
  if (named !== undefined) return inScenarioWords(() => placeAll(named));
  // The most that fit together from all-digital on; on chips without digital arrays, all-analog alone.
  const all = defaultCuts(lowered.candidates);
  const choices = [...all.map((_, left) => all.slice(0, all.length - left)), ['analog']];
  for (const names of choices) {
    try {
      return placeAll(names);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  return inScenarioWords(() => placeAll(all));
}

/** What an action gives; its Faults speak of cuts, as scenarios do, not of schedules. */
function inScenarioWords<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const problem = error.problem
      .replace('schedule resident puts', 'the cuts together put')
      .replace(/the chips? ha(s|ve) (?=\d)/, 'its share of the chip has ');
    const cure = error.cure?.replace(/--schedule (\w+)/g, 'cuts: [$1]');
    throw new Fault(problem, { cure, place: error.place });
  }
}

/** Whether the input of a network can be negative, when accuracy is not asked but its data would say. */
async function signed(network: NetworkToRun, known: boolean | undefined): Promise<boolean> {
  if (known !== undefined || typeof network.trained === 'string') return known ?? true;
  return (await readSamples(network.trained, network.network.input.shape, 1)).signed;
}
