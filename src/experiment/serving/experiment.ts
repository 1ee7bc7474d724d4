import { dirname, resolve } from 'node:path';
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
import { measureModels, type MeasureRequest } from './measured-models.ts';
import { placeModels } from './placed-models.ts';
import { checkCuts } from './scenario-cuts.ts';
import type { ServedModel } from '../../scheduling/served-model.ts';
import { figuresOf, type ServingSystem } from '../../serving/serving-system.ts';
import { movesOf, weightsOf } from '../../serving/weights.ts';

/** What is to be served, where, and how carefully it is measured. */
export interface ServingRequest extends MeasureRequest {
  /** YAML files. */
  readonly architecture: string;
  readonly scenario: string;
  /** `path=value` overrides of the architecture. */
  readonly overrides: readonly string[];
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
  const { chips } = first.value;
  const measured = await measureModels(placed, { spec, table, chips }, request);
  const { profiles, answers, accuracies } = measured;

  const weights = placed.map((model) => weightsOf(model.placed, spec, table));
  const moves = weights.map((one, index) => movesOf(placed[index]!.region, one));
  const leakage = table.components.reduce((sum, part) => sum + part.leakage * part.count, 0);
  // A pipeline answers no faster than its pace, whatever the stations have left: by model, the first of its cuts.
  const stations = [...measured.stations];
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
  const inFigures = await readScenario(request.scenario, figuresOf(systemOf(first.value)));
  const { load: written } = inFigures.value;
  const load = played === undefined ? written : { ...written, rows: played.rows };
  const scenario = { ...inFigures, value: { ...inFigures.value, load } };
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
