import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Quantity } from '../base/dimension.ts';
import { unitProduct } from '../base/unit-table.ts';
import { Fault } from '../base/fault.ts';
import { choice, flag, integer, quantity, quantityOr, real, text } from '../base/quantity.ts';
import { modelUnion } from '../hardware/model-union.ts';
import { loadModels } from '../load/index.ts';
import { requestPolicies } from '../scheduling/request/index.ts';
import { windowPolicies } from '../scheduling/window/index.ts';
import { type Conflict, readYaml, type Spec } from './yaml/read-yaml.ts';

/** Longest time that a run simulates: beyond it ticks of 1 ps cannot be counted. */
const LONGEST = 9000;

const servedModelSchema = z.strictObject({
  workload: text().describe(
    'YAML file of network and data, or of layer shapes; paths are relative to this file',
  ),
  name: text().optional().describe('in reports and traces; that of the workload when left out'),
  share: real({ min: 0, max: 1e9 })
    .default(1)
    .describe('of the queries that name no model, relative to the others'),
  cuts: z
    .array(text())
    .min(1)
    .max(64)
    .optional()
    .describe(
      'partitions that a query may run with, such as digital, prefix:3, analog; left out, all-digital, a few cuts and all-analog',
    ),
  deadline: quantity('s', { above: 0, max: LONGEST, example: '50 us' })
    .optional()
    .describe('after its arrival, by which the answer of a query is due; left out, never'),
  devices: z
    .array(integer({ min: 0, max: 1023 }))
    .min(1)
    .max(1024)
    .optional()
    .describe('that hold the model at the start, from 0; left out, all'),
  crossbars: integer({ min: 0, max: 2 ** 31 })
    .optional()
    .describe('of a device that the model may use; left out, models share them evenly'),
  accuracy: z
    .record(z.string(), real({ min: 0, max: 1 }))
    .optional()
    .describe('expected, by cut, of networks without weights or data; of others it is measured'),
});

const policySchema = z.strictObject({
  window: modelUnion(windowPolicies)
    .prefault({ type: 'static' })
    .describe('upper level: plans cuts, once a window'),
  request: z
    .array(modelUnion(requestPolicies))
    .max(16)
    .prefault([])
    .describe('lower level: rules for queries and batches; of each rule the last that gives it counts'),
});

/** What is served: models, the load that comes, and the policies to compare. The schema of `workloads/serving/`. */
export const scenarioSchema = z.strictObject({
  name: text().describe('shown in reports'),
  description: text().optional(),
  models: z.array(servedModelSchema).min(1).max(32),
  devices: integer({ min: 1, max: 1024 })
    .default(1)
    .describe('chips of the architecture that serve together'),
  fidelity: choice(['profile', 'cycle'])
    .default('profile')
    .describe(
      'profile: times and energies of each cut measured once; cycle: every MVM of every query is played',
    ),
  weights: choice(['resident', 'moved'])
    .default('resident')
    .describe(
      'resident: crossbars hold all cuts of a model, changes are free; moved: one at a time, another is programmed first',
    ),
  load: modelUnion(loadModels).describe('how queries arrive'),
  duration: quantity('s', { above: 0, max: LONGEST }).describe('after which no more queries come'),
  queries: integer({ min: 1, max: 1e9 }).default(1e8).describe('most queries that come'),
  drain: flag()
    .default(true)
    .describe(
      'whether what waits and is in flight at the end is still answered; closed loads stop at the end',
    ),
  warmUp: quantityOr('mser-5', 's', { min: 0, max: LONGEST })
    .default(0)
    .describe(
      'queries that come before it are served, not counted; mser-5: found by that rule (White 1997), the longest of all policies and runs; rates, power and utilisation are taken from it to the last answer',
    ),
  window: quantity('s', { above: 0, max: LONGEST }).describe('of time between two plans of the upper level'),
  line: z
    .strictObject({
      capacity: integer({ min: 0, max: 1e7 })
        .optional()
        .describe(
          'queries of a model that wait at most; left out, 10,000, and all samples of offline and multi-stream if they are more',
        ),
      full: choice(['reject', 'drop-head'])
        .default('reject')
        .describe('when one more comes: it is turned away, or the next to be served is given up'),
    })
    .prefault({}),
  samples: integer({ min: 1, max: 1e6 }).default(1000).describe('test images that queries ask about'),
  chips: integer({ min: 1, max: 1000 })
    .default(3)
    .describe('simulated chips, programmed with errors of their own, that devices are'),
  replications: integer({ min: 1, max: 1000 })
    .default(10)
    .describe('runs with other arrivals and chips, for intervals'),
  policies: z
    .record(z.string().regex(/^[\w.:+-]{1,64}$/), policySchema)
    .prefault({})
    .describe('to compare, by name'),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioPolicy = Scenario['policies'][string];

/** Most windows of a run. */
const MOST_WINDOWS = 100_000;

/**
 * What arithmetic in a scenario may use: `capacity` and `fastest` (queries per second that the system answers with every
 * model's most accurate, and fastest, cut), `latency` and `interval` (s, of the most accurate cut). Stand-ins until the
 * system is measured.
 */
export interface ScenarioScope {
  readonly capacity: number;
  readonly fastest: number;
  readonly latency: number;
  readonly interval: number;
}

const STAND_INS: ScenarioScope = { capacity: 1e6, fastest: 2e6, latency: 1e-6, interval: 1e-6 };

/** A scenario, its arithmetic over a system that is measured or, before, stands in. Throws Faults with their places. */
export async function readScenario(file: string, scope: ScenarioScope = STAND_INS): Promise<Spec<Scenario>> {
  const spec = await readYaml(file, scenarioSchema, { check: conflicts, given: namesOf(scope) });
  const models = spec.value.models.map((model) => ({
    ...model,
    workload: isAbsolute(model.workload) ? model.workload : join(dirname(file), model.workload),
  }));
  return { ...spec, value: { ...spec.value, models } };
}

const SECOND = unitProduct('s')!.dimensions;
const PER_SECOND = unitProduct('Hz')!.dimensions;

function namesOf({ capacity, fastest, latency, interval }: ScenarioScope): ReadonlyMap<string, Quantity> {
  const rate = (value: number): Quantity => ({ value, dimensions: PER_SECOND });
  const time = (value: number): Quantity => ({ value, dimensions: SECOND });
  return new Map([
    ['capacity', rate(capacity)],
    ['fastest', rate(fastest)],
    ['latency', time(latency)],
    ['interval', time(interval)],
  ]);
}

function conflicts(scenario: Scenario): readonly Conflict[] {
  const { models, devices, duration, window, warmUp } = scenario;
  const found: Conflict[] = [];
  const windows = duration / window;
  if (windows > MOST_WINDOWS) {
    const problem = `${Math.ceil(windows).toLocaleString('en')} windows in the duration`;
    found.push({
      path: ['window'],
      problem,
      cure: `at most ${MOST_WINDOWS.toLocaleString('en')}: make it longer`,
    });
  }
  if (warmUp !== 'mser-5' && warmUp >= duration) {
    found.push({
      path: ['warmUp'],
      problem: 'nothing comes after the warm-up',
      cure: 'make it shorter than duration',
    });
  }
  models.forEach((model, index) => {
    const device = model.devices?.find((one) => one >= devices);
    if (device !== undefined) {
      const problem = `there is no device ${device}`;
      found.push({
        path: ['models', index, 'devices'],
        problem,
        cure: `devices: ${devices}, numbered from 0`,
      });
    }
    const cuts = model.cuts ?? [];
    const twice = cuts.find((cut, at) => cuts.indexOf(cut) !== at);
    if (twice !== undefined) {
      found.push({ path: ['models', index, 'cuts'], problem: `${twice} is listed twice`, cure: 'keep one' });
    }
  });
  if (scenario.load.type === 'server' && models.every(({ deadline }) => deadline === undefined)) {
    found.push({
      path: ['load', 'type'],
      problem: 'server searches the highest rate that keeps the deadlines, and no model has one',
      cure: 'give a model a deadline, or play poisson',
    });
  }
  if (scenario.weights === 'moved') {
    for (const [name, { request }] of Object.entries(scenario.policies)) {
      request.forEach(({ type }, index) => {
        const policy = requestPolicies.get(type);
        if (policy.cut === undefined && policy.again === undefined) return;
        found.push({
          path: ['policies', name, 'request', index],
          problem: `${type} chooses cuts query by query, and crossbars hold one at a time`,
          cure: 'leave it out, or let weights be resident',
        });
      });
    }
  }
  if (models.every(({ share }) => share === 0)) {
    found.push({ path: ['models'], problem: 'no model has a share', cure: 'give one a share above 0' });
  }
  return found;
}

/** A Fault when two models of a scenario have one name, told by their names once workloads are read. */
export function checkNames(names: readonly string[], spec: Spec<Scenario>): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    throw new Fault(`two models are named ${name}`, {
      cure: 'give one of them another name',
      place: spec.place(['models', index]),
    });
  });
}
