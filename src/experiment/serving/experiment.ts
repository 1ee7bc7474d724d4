import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { accuraciesOf, answerTable } from './answer-tables.ts';
import { Fault } from '../../base/fault.ts';
import { cutProfiles } from './cut-profiles.ts';
import { actionTable } from '../../hardware/action-table.ts';
import type { ArchitectureSpec } from '../../hardware/architecture.ts';
import { inventory } from '../../hardware/inventory.ts';
import { readArchitecture } from '../../input/architecture.ts';
import { readLoadFile } from '../../input/load-file.ts';
import { readSamples } from '../../input/samples.ts';
import { checkNames, readScenario, type Scenario } from '../../input/scenario.ts';
import { type NetworkToRun, readNetworkToRun } from '../../input/workload-network.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import { type LoweredNetwork, lowerNetwork } from '../../mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from '../../mapping/partition/index.ts';
import type { Partition } from '../../mapping/partition/partition.ts';
import { crossbarCount, type Region } from '../../mapping/placement.ts';
import { NoRoom, regionsOf } from '../../mapping/regions.ts';
import { movedCuts, type PlacedCuts, residentCuts } from '../../mapping/resident-cuts.ts';
import { TICKS_PER_SECOND } from '../../machine/ticks.ts';
import type { CalibrationMemory } from '../../numerics/calibration-memory.ts';
import { at, checkCuts, givenAccuracies } from './scenario-cuts.ts';
import type { ServedModel } from '../../scheduling/served-model.ts';
import { taskPolicies } from '../../scheduling/task/index.ts';
import type { AnswerTable } from '../../serving/answer-source.ts';
import type { CutProfile } from '../../serving/profile.ts';
import { figuresOf, type ServingSystem } from '../../serving/serving-system.ts';
import { movesOf, weightsOf } from '../../serving/weights.ts';

/** What is to be served, where, and how carefully it is measured. */
export interface ServingRequest {
  /** YAML files. */
  readonly architecture: string;
  readonly scenario: string;
  /** `path=value` overrides of the architecture. */
  readonly overrides: readonly string[];
  readonly seed: number;
  readonly workers: number;
  /** What earlier runs found; the result does not depend on it. */
  readonly memory?: CalibrationMemory | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((phase: string, done: number, total: number) => void) | undefined;
}

/** A system that is measured, and the scenario in its figures. */
export interface PreparedServing {
  readonly system: ServingSystem;
  readonly scenario: Spec<Scenario>;
  readonly architecture: Spec<ArchitectureSpec>;
  readonly models: readonly PreparedModel[];
  readonly inputs: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
}

/** A model placed on its share of a chip. */
export interface PreparedModel {
  readonly name: string;
  readonly lowered: LoweredNetwork;
  readonly placed: PlacedCuts;
  /** Why its accuracy is not measured; undefined where it is. */
  readonly withoutAccuracy: string | undefined;
}

/**
 * Measures a serving system: places every model on its share of the crossbars, plays each cut once on the machine, asks
 * the numerics what it answers, and reads the scenario again in the figures that came of it.
 */
export async function prepareServing(request: ServingRequest): Promise<PreparedServing> {
  const { signal } = request;
  const progress = request.onProgress ?? (() => undefined);
  const architecture = await readArchitecture(request.architecture, request.overrides);
  const first = await readScenario(request.scenario);
  const spec = architecture.value;
  const asked: NetworkToRun[] = [];
  for (const { workload } of first.value.models) asked.push(await readNetworkToRun(workload));
  const names = first.value.models.map(({ name }, index) => name ?? asked[index]!.name);
  checkNames(names, first);
  // Before anything is measured, which takes long.
  const played = await readLoadFile(first.value.load, names, (file) =>
    resolve(dirname(request.scenario), file),
  );
  checkCuts(first, asked);

  const table = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.parts[0]!;
  const regions = placeModels(first, spec);
  const moved = first.value.weights === 'moved';
  checkProgramming(first, spec);
  const digital = first.value.models.length;
  const stations = [
    ...names.map((name) => `crossbars of ${name}`),
    'digital cores',
    ...names.map((name) => `ports and links of ${name}`),
  ];
  const models: PreparedModel[] = [];
  const profiles: { name: string; cuts: readonly CutProfile[] }[] = [];
  const answers: (AnswerTable | undefined)[] = [];
  const accuracies: (readonly number[])[] = [];
  for (const [index, network] of asked.entries()) {
    const written = first.value.models[index]!;
    const name = names[index]!;
    const { trained } = network;
    const samples =
      typeof trained === 'string' || written.accuracy !== undefined
        ? undefined
        : await readSamples(trained, network.network.input.shape, first.value.samples);
    const signedInput = network.inputSigned ?? (await signed(network, samples?.signed));
    const lowered = lowerNetwork(network.network, signedInput);
    const placed = at(first.place(['models', index]), () =>
      placeCuts(lowered, spec, regions[index]!, written.cuts, moved),
    );
    const { schedules } = placed;
    models.push({
      ...{ name, lowered, placed },
      withoutAccuracy: typeof trained === 'string' ? trained : undefined,
    });
    const cuts = await cutProfiles({
      ...{ spec, table, taskPolicy, placed, besides: stations.length },
      stations: { analog: index, digital, ports: digital + 1 + index },
      ...{ region: regions[index]!, memory: request.memory },
      inputs: network.inputs.map(({ sha256 }) => sha256),
      onPiece: async () => {
        await setImmediate();
        signal?.throwIfAborted();
      },
      onCut: (done, total) => progress(`time and energy, ${name}`, done, total),
    });
    profiles.push({ name, cuts });
    stations.push(...cuts.map((cut) => `${cut.name} of ${name} beside its other cuts`));

    const partitions = schedules.map(({ partition }) => partition);
    if (samples !== undefined) {
      const found = await answerTable({
        ...{ lowered, spec, cuts: partitions, samples, chips: first.value.chips },
        inputs: [...network.inputs, ...samples.files].map(({ sha256 }) => sha256),
        ...{ seed: request.seed, workers: request.workers, memory: request.memory, signal },
        onProgress: (done, total) => progress(`accuracy, ${name}`, done, total),
      });
      answers.push(found);
      accuracies.push(accuraciesOf(found, partitions.length));
    } else {
      answers.push(undefined);
      accuracies.push(givenAccuracies(partitions, index, first, trained));
    }
  }

  const weights = models.map(({ placed }) => weightsOf(placed, spec, table));
  const moves = weights.map((one, index) => movesOf(regions[index]!, one));
  const leakage = table.components.reduce((sum, part) => sum + part.leakage * part.count, 0);
  // A pipeline answers no faster than its pace, whatever the stations have left: by model, the first of its cuts.
  const pipelines: number[] = [];
  for (const { name, cuts } of profiles) {
    pipelines.push(stations.length);
    stations.push(...cuts.map((cut) => `pipeline of ${name}, ${cut.name}`));
  }
  const systemOf = (scenario: Scenario): ServingSystem => ({
    models: scenario.models.map(({ deadline = Number.POSITIVE_INFINITY }, index): ServedModel => ({
      name: names[index]!,
      deadline,
      ...moves[index]!,
      cuts: profiles[index]!.cuts.map((cut, number) => ({
        name: cut.name,
        accuracy: accuracies[index]![number]!,
        latency: cut.latency / TICKS_PER_SECOND,
        interval: cut.interval / TICKS_PER_SECOND,
        energy: cut.energy,
        work: stations.map((_, station) => {
          if (station === pipelines[index]! + number) return cut.interval / TICKS_PER_SECOND;
          const visit = cut.visits.find((one) => one.station === station);
          // Alone a cut is held up by nobody.
          return Math.min(visit?.work ?? 0, cut.interval) / TICKS_PER_SECOND;
        }),
      })),
    })),
    profiles,
    shares: scenario.models.map(({ share }) => share),
    answers,
    ...{ stations, parts: names.length + 1 },
    devices: scenario.devices,
    residences: regions.map((region, index) => ({ region, weights: weights[index] })),
    placement: scenario.models.map(
      ({ devices }) => devices ?? Array.from({ length: scenario.devices }, (_, device) => device),
    ),
    most: profiles.map(({ cuts }) => cuts.map(({ inFlight }) => inFlight)),
    cycle:
      scenario.fidelity === 'cycle'
        ? { spec, table, schedules: models.map(({ placed }) => placed.schedules) }
        : undefined,
    leakage,
  });
  const measured = await readScenario(request.scenario, figuresOf(systemOf(first.value)));
  const load = played === undefined ? measured.value.load : { ...measured.value.load, rows: played.rows };
  const scenario = { ...measured, value: { ...measured.value, load } };
  const inputs = [
    { role: 'architecture', file: request.architecture, sha256: architecture.hash },
    { role: 'scenario', file: request.scenario, sha256: scenario.hash },
    ...(played === undefined ? [] : [played.input]),
    ...asked.flatMap((network) => network.inputs),
  ];
  return { system: systemOf(scenario.value), scenario, architecture, models, inputs };
}

/** Crossbars of each model: what the scenario says, the rest shared evenly among those on a device. */
function placeModels({ value, place }: Spec<Scenario>, spec: ArchitectureSpec): readonly Region[] {
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
    const problem = error.problem.replace('schedule resident puts', 'the cuts together put');
    const cure = error.cure?.replace(/--schedule (\w+)/g, 'cuts: [$1]');
    throw new Fault(problem, { cure, place: error.place });
  }
}

/** Whether the input of a network can be negative, when accuracy is not asked but its data would say. */
async function signed(network: NetworkToRun, known: boolean | undefined): Promise<boolean> {
  if (known !== undefined || typeof network.trained === 'string') return known ?? true;
  return (await readSamples(network.trained, network.network.input.shape, 1)).signed;
}
