import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { accuraciesOf, answerTable } from './answer-tables.ts';
import { cutProfiles } from './cut-profiles.ts';
import { actionTable } from '../../hardware/action-table.ts';
import type { ArchitectureSpec } from '../../hardware/architecture.ts';
import { inventory } from '../../hardware/inventory.ts';
import { readArchitecture } from '../../input/architecture.ts';
import { readLoadFile } from '../../input/load-file.ts';
import { checkNames, readScenario, type Scenario } from '../../input/scenario.ts';
import { type NetworkToRun, readNetworkToRun } from '../../input/workload-network.ts';
import type { Spec } from '../../input/yaml/read-yaml.ts';
import type { LoweredNetwork } from '../../mapping/lowered-network.ts';
import type { PlacedCuts } from '../../mapping/resident-cuts.ts';
import { TICKS_PER_SECOND } from '../../machine/ticks.ts';
import type { CalibrationMemory } from '../../numerics/calibration-memory.ts';
import { placeModels } from './placed-models.ts';
import { checkCuts } from './scenario-cuts.ts';
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
  /** Whether some policy that is to be played starts queries in batches: what they cost is measured then. */
  readonly batching: boolean;
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

  const placed = await placeModels(first, asked, names, spec);

  const table = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.parts[0]!;
  const digital = placed.length;
  const stations = [
    ...names.map((name) => `crossbars of ${name}`),
    'digital cores',
    ...names.map((name) => `ports and links of ${name}`),
  ];
  const profiles: { name: string; cuts: readonly CutProfile[] }[] = [];
  const answers: (AnswerTable | undefined)[] = [];
  const accuracies: (readonly number[])[] = [];
  for (const [index, model] of placed.entries()) {
    const { name, network, lowered, samples } = model;
    const cuts = await cutProfiles({
      ...{ spec, table, taskPolicy, placed: model.placed, besides: stations.length },
      stations: { analog: index, digital, ports: digital + 1 + index },
      ...{ region: model.region, batching: request.batching, memory: request.memory },
      inputs: network.inputs.map(({ sha256 }) => sha256),
      onPiece: async () => {
        await setImmediate();
        signal?.throwIfAborted();
      },
      onCut: (done, total) => progress(`time and energy, ${name}`, done, total),
    });
    profiles.push({ name, cuts });
    stations.push(...cuts.map((cut) => `${cut.name} of ${name} beside its other cuts`));

    const partitions = model.placed.schedules.map(({ partition }) => partition);
    const found =
      samples === undefined
        ? undefined
        : await answerTable({
            ...{ lowered, spec, cuts: partitions, samples, chips: first.value.chips },
            inputs: [...network.inputs, ...samples.files].map(({ sha256 }) => sha256),
            ...{ seed: request.seed, workers: request.workers, memory: request.memory, signal },
            onProgress: (done, total) => progress(`accuracy, ${name}`, done, total),
          });
    answers.push(found);
    accuracies.push(found === undefined ? model.accuracies! : accuraciesOf(found, partitions.length));
  }

  const weights = placed.map((model) => weightsOf(model.placed, spec, table));
  const moves = weights.map((one, index) => movesOf(placed[index]!.region, one));
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
    residences: placed.map(({ region }, index) => ({ region, weights: weights[index] })),
    placement: scenario.models.map(
      ({ devices }) => devices ?? Array.from({ length: scenario.devices }, (_, device) => device),
    ),
    most: profiles.map(({ cuts }) => cuts.map(({ inFlight }) => inFlight)),
    cycle:
      scenario.fidelity === 'cycle'
        ? { spec, table, schedules: placed.map((model) => model.placed.schedules) }
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
  const models = placed.map(({ name, lowered, placed, network: { trained } }) => ({
    ...{ name, lowered, placed },
    withoutAccuracy: typeof trained === 'string' ? trained : undefined,
  }));
  return { system: systemOf(scenario.value), scenario, architecture, models, inputs };
}
