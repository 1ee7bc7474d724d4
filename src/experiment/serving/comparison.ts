import { Fault, nearestName } from '../../base/fault.ts';
import { figureOf, figuresOver, independentRuns } from './figures-over-runs.ts';
import { modelUnion } from '../../hardware/model-union.ts';
import { readScenario, type Scenario } from '../../input/scenario.ts';
import { impossibleDeadlines } from './impossible-deadlines.ts';
import { loadNotes } from './load-notes.ts';
import { checkHasRate, hasDeadlines, scaledLoad, sweepOf } from './load-sweep.ts';
import { checkCut, checkNamedCuts } from './scenario-cuts.ts';
import type { ServingReport, ServedPolicy, ServedScenario } from '../../report/serving.ts';
import { droppedNote, mlperfOf } from './mlperf-metric.ts';
import { playPolicies } from './play-policies.ts';
import { accuracyGoodputBound } from '../../scheduling/bound.ts';
import { requestPolicies } from '../../scheduling/request/index.ts';
import { windowPolicies } from '../../scheduling/window/index.ts';
import { countArrivals } from '../../serving/count-arrivals.ts';
import type { LoadChoice, PolicyChoice, RunJob } from '../../serving/run-job.ts';
import { settlingTimes } from '../../serving/run-jobs.ts';
import type { ServingRun } from '../../serving/serving-run.ts';
import { figuresOf } from '../../serving/serving-system.ts';
import { type PreparedServing, prepareServing, type ServingRequest } from './experiment.ts';
import { waitingLine } from './waiting-line.ts';
import { version } from '../../version.ts';

/** Which policies to compare on which scenarios. */
export interface ComparisonRequest extends Omit<ServingRequest, 'scenario' | 'batching'> {
  readonly scenarios: readonly string[];
  /** Names: of a scenario's policies, of window policies, or `static:CUT`; none means those of the scenario, `first` its first. */
  readonly policies: readonly string[] | 'first';
  /** Runs of each policy with other arrivals and chips; undefined: as the scenario says. */
  readonly replications?: number | undefined;
  /** Ascending multiples of the rate of the load under which every policy is played too. */
  readonly sweep?: readonly number[] | undefined;
}

/** Serves scenarios under several policies, all with the same arrivals, questions and chips, and sums up. */
export async function comparePolicies(request: ComparisonRequest): Promise<ServingReport> {
  const batching = new Map<string, boolean>();
  // Before anything is measured, which takes long.
  for (const scenario of request.scenarios) {
    const read = await readScenario(scenario);
    if (request.sweep !== undefined) checkHasRate(read);
    if (request.policies !== 'first') {
      checkPolicyNames(request.policies, read.value);
      await checkNamedCuts(request.policies, read);
    }
    batching.set(scenario, startsBatches(read.value, request.policies));
  }
  const scenarios: ServedScenario[] = [];
  const inputs: ServingReport['provenance']['inputs'] = [];
  let architecture = '';
  for (const scenario of request.scenarios) {
    const prepared = await prepareServing({ ...request, scenario, batching: batching.get(scenario)! });
    architecture = prepared.architecture.value.name;
    for (const input of prepared.inputs)
      if (!inputs.some(({ file }) => file === input.file)) inputs.push(input);
    scenarios.push(await serveScenario(prepared, scenario, request));
  }
  return {
    kind: 'kirchhoff-serving',
    formatVersion: 1,
    provenance: { kirchhoff: version(), seed: request.seed, overrides: [...request.overrides], inputs },
    architecture,
    scenarios,
  };
}

async function serveScenario(
  prepared: PreparedServing,
  file: string,
  request: ComparisonRequest,
): Promise<ServedScenario> {
  const { system, scenario, models } = prepared;
  const { value } = scenario;
  const replications = request.replications ?? value.replications;
  const policies = policiesOf(prepared, request.policies);
  const names = policies.map(({ name }) => name);
  const late = impossibleDeadlines(system.models, scenario);
  const line = waitingLine(value);
  const written: LoadChoice = { ...value, line, warmUp: 0 };
  const warmUp =
    value.warmUp === 'mser-5'
      ? await settled(prepared, written, policies, replications, request)
      : value.warmUp;
  const load: LoadChoice = { ...written, warmUp };
  const swept = request.sweep?.map((factor) => scaledLoad(load, factor)) ?? [];
  // The load as it is comes first, and once.
  const loads = [load, ...swept.filter((one) => one !== load)];
  const playedOf = await playPolicies(system, {
    policies: policies.map(({ policy }) => policy),
    ...{ loads, replications, seed: request.seed, workers: request.workers, signal: request.signal },
    onProgress: (done, total) => request.onProgress?.(`serving, ${value.name}`, done, total),
  });
  const results = policies.map((_, policy) => playedOf(policy, 0));
  if (results.every(({ runs }) => runs.every(({ figures }) => figures.offered === 0))) {
    const warm = warmUp > 0 ? ' after the warm-up' : '';
    throw new Fault(`no query comes${warm} within the duration`, {
      cure: 'a longer one, or a load that brings queries in it',
      place: scenario.place(['duration']),
    });
  }
  const bounds = Array.from({ length: replications }, (_, replication) => {
    const arrivals = countArrivals(system, { load, seed: request.seed, replication });
    if (arrivals === undefined) return undefined;
    return accuracyGoodputBound(arrivals, system.models, system.devices, system.stations.length);
  });
  const chips = system.answers.flatMap((table) => table?.chips ?? []);
  const independent = independentRuns(
    replications,
    system.devices,
    chips.length === 0 ? undefined : Math.min(...chips),
  );
  const goodputs = results.map(({ runs }) => runs.map(({ figures }) => figures.accuracyGoodput));
  const means = goodputs.map((runs) => figureOf(runs)?.mean ?? -1);
  const best = means.indexOf(Math.max(...means));
  const against = (policy: number, other: number) =>
    figureOf(
      goodputs[policy]!.map((one, run) => one - goodputs[other]![run]!),
      independent,
    );
  const { capacity, fastest } = figuresOf(system);
  return {
    ...{
      name: value.name,
      file,
      fidelity: value.fidelity,
      load: writtenLoad(value.load),
    },
    ...{ duration: value.duration, warmUp, window: value.window },
    ...{
      devices: system.devices,
      replications,
      independent,
      stations: [...system.stations],
      capacity,
      fastest,
    },
    mlperf: mlperfOf(value.load, results, system.models),
    notes: [...loadNotes(load), ...late, ...droppedNote(value.load.type, names, results)],
    bound: figureOf(bounds),
    models: system.models.map(({ name, deadline, cuts }, index) => ({
      name,
      share: system.shares[index]!,
      deadline: Number.isFinite(deadline) ? deadline : null,
      measured: system.answers[index] !== undefined,
      cuts: cuts.map((cut) => ({ ...cut, work: [...cut.work] })),
    })),
    policies: results.map(({ policy, runs: played }, index): ServedPolicy => {
      const runs = played.map(({ run }) => run);
      const own = played.map(({ figures }) => figures);
      const regrets = runs.map((run, number) => {
        const bound = bounds[number];
        return bound === undefined ? undefined : bound - expectedGoodput(run);
      });
      return {
        name: policies[index]!.name,
        window: policy.window,
        request: [...policy.request],
        figures: figuresOver(own, independent),
        regret: figureOf(regrets),
        ...{ againstFirst: against(index, 0), againstBest: against(index, best) },
        utilisation: system.stations
          .slice(0, system.parts)
          .map((_, station) => figureOf(runs.map(({ measured }) => measured.utilisation[station]!))),
        models: models.map((_, model) => modelCounts(runs.map((run) => run.models[model]!))),
        windows: runs[0]!.windows.map((window) => ({
          ...window,
          models: window.models.map((one) => ({ ...one, p99: one.p99 ?? null, plan: [...one.plan] })),
        })),
        moves: runs.reduce((sum, { moves }) => sum + moves, 0),
        programmings: runs.reduce((sum, { programmings }) => sum + programmings, 0),
      };
    }),
    sweep:
      request.sweep === undefined
        ? null
        : sweepOf(
            { factors: request.sweep, independent },
            names,
            hasDeadlines(system.models, load),
            (policy, factor) => playedOf(policy, loads.indexOf(swept[factor]!)).runs,
          ),
  };
}

/** Policies by names that are checked, with all their parameters. */
function policiesOf(
  { scenario, system }: PreparedServing,
  names: readonly string[] | 'first',
): readonly { readonly name: string; readonly policy: PolicyChoice }[] {
  const { policies } = scenario.value;
  const cuts = [...new Set(system.models.flatMap((model) => model.cuts.map((one) => one.name)))];
  return wantedNames(scenario.value, names).map((name) => {
    const own = policies[name];
    const named = own?.window.type === 'static' ? own.window.cut : undefined;
    // Of the default cuts, those that do not fit together are not served.
    if (typeof named === 'string') checkCut(named, cuts, scenario.place(['policies', name, 'window', 'cut']));
    if (own !== undefined) return { name, policy: own };
    const [type = '', cut] = splitAt(name, ':');
    if (type === 'static' && cut !== undefined) {
      checkCut(cut, cuts);
      return { name, policy: { window: { type, cut }, request: [] } };
    }
    return { name, policy: { window: modelUnion(windowPolicies).parse({ type }), request: [] } };
  });
}

/** Names of the policies to play: those asked for, else those of the scenario, else the default ones. */
function wantedNames({ policies }: Scenario, names: ComparisonRequest['policies']): readonly string[] {
  const written = Object.keys(policies);
  const all = written.length > 0 ? written : DEFAULTS;
  if (names === 'first') return all.slice(0, 1);
  return names.length > 0 ? [...new Set(names)] : all;
}

/** Whether a policy that is to be played may start several queries together. */
function startsBatches(scenario: Scenario, names: ComparisonRequest['policies']): boolean {
  return wantedNames(scenario, names).some((name) =>
    scenario.policies[name]?.request.some(({ type }) => requestPolicies.get(type).batch !== undefined),
  );
}

/** A Fault when a name is none that a scenario, the list of window policies or `static:CUT` gives. */
function checkPolicyNames(names: readonly string[], { policies }: Scenario): void {
  const written = Object.keys(policies);
  for (const name of names) {
    if (written.includes(name) || windowPolicies.has(name) || name.startsWith('static:')) continue;
    const known = [...new Set([...written, ...windowPolicies.names, 'static:CUT'])];
    const near = nearestName(name, known);
    throw new Fault(`no policy ${JSON.stringify(name)}`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ')}`,
    });
  }
}

/** The longest warm-up of all policies and replications by MSER-5, so that all count the same queries. A Fault where one does not settle. */
async function settled(
  { system, scenario }: PreparedServing,
  load: LoadChoice,
  policies: readonly { readonly name: string; readonly policy: PolicyChoice }[],
  replications: number,
  { seed, workers, signal, onProgress }: ComparisonRequest,
): Promise<number> {
  const jobs = policies.flatMap(({ policy }) =>
    Array.from({ length: replications }, (_, replication): RunJob => ({ load, policy, seed, replication })),
  );
  const times = await settlingTimes(system, jobs, {
    ...{ workers, signal },
    onProgress: (done, total) => onProgress?.(`warm-up, ${scenario.value.name}`, done, total),
  });
  const never = times.indexOf(undefined);
  if (never < 0) return Math.max(0, ...times.map((time) => time!));
  const { name } = policies[Math.floor(never / replications)]!;
  throw new Fault(`latencies under policy ${name} do not settle in the first half of the run, by MSER-5`, {
    cure: 'a longer duration, a load that does not change, or a warmUp by hand',
    place: scenario.place(['warmUp']),
  });
}

/** The load without the rows of its trace. */
function writtenLoad({ rows: _, ...load }: LoadChoice['load']): Record<string, unknown> {
  return load;
}

/** What a scenario without policies compares. */
const DEFAULTS = ['forecast', 'threshold', 'best-static', 'clairvoyant'];

function splitAt(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Right answers in time, of all queries offered: in expectation, by the accuracy of each cut; as they came, where answers were
 * looked at to ask again, for which no cut's accuracy speaks.
 */
function expectedGoodput({ models }: ServingRun): number {
  const offered = models.reduce((sum, one) => sum + one.offered, 0);
  const again = models.some((one) => one.again > 0);
  const expected = models.reduce((sum, one) => sum + (again ? one.rightOnTime : one.expectedOnTime), 0);
  return offered === 0 ? 0 : expected / offered;
}

function modelCounts(runs: readonly ServingRun['models'][number][]): ServedPolicy['models'][number] {
  const sum = (of: (run: ServingRun['models'][number]) => number) =>
    runs.reduce((total, run) => total + of(run), 0);
  const percentile = (of: 'p50' | 'p99') => figureOf(runs.map(({ latency }) => latency?.[of]));
  return {
    name: runs[0]!.name,
    offered: sum(({ offered }) => offered),
    onTime: sum(({ onTime }) => onTime),
    late: sum(({ late }) => late),
    droppedFull: sum(({ droppedFull }) => droppedFull),
    droppedEarly: sum(({ droppedEarly }) => droppedEarly),
    inFlight: sum(({ inFlight }) => inFlight),
    right: sum(({ right }) => right),
    rightOnTime: sum(({ rightOnTime }) => rightOnTime),
    belowQuality: sum(({ belowQuality }) => belowQuality),
    again: sum(({ again }) => again),
    answersByCut: runs[0]!.answersByCut.map((_, cut) => sum(({ answersByCut }) => answersByCut[cut]!)),
    p50: percentile('p50'),
    p99: percentile('p99'),
  };
}
