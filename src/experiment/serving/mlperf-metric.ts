import { figureOf } from './figures-over-runs.ts';
import type { PlayedRun } from './load-sweep.ts';
import { loadModels } from '../../load/index.ts';
import { CLOSED_ACCURACY, LEAST_SECONDS, mlperfRules } from '../../load/mlperf.ts';
import type { PolicyRuns } from './play-policies.ts';
import type { ServedScenario } from '../../report/serving.ts';
import type { ServedModel } from '../../scheduling/served-model.ts';
import { meetsServer } from '../../serving/highest-rate.ts';
import type { LoadChoice } from '../../serving/run-job.ts';

/**
 * What counts in a scenario of MLPerf Inference, of each policy, whether the runs have as many queries as it asks, and what part
 * of the accuracy of the most accurate cuts is served; null of other loads.
 */
export function mlperfOf(
  load: LoadChoice['load'],
  results: readonly PolicyRuns[],
  models: readonly Pick<ServedModel, 'cuts'>[],
): ServedScenario['mlperf'] {
  const rule = mlperfRules.find((one) => one.load === load.type);
  if (rule === undefined) return null;
  const { metric, unit, queries } = rule;
  // Samples are offered; those of a query of MultiStream come together, those of Offline are what its rule counts.
  const samples = load.type === 'multi-stream' ? loadModels.get(load.type).atOnce!(load as never) : 1;
  const enoughQueries = results.every(({ runs }) =>
    runs.every(({ figures }) => figures.offered / samples >= queries),
  );
  return {
    ...{ metric, unit, queries, enoughQueries, seconds: LEAST_SECONDS, closedAccuracy: CLOSED_ACCURACY },
    dropped: results.map(droppedOf),
    accuracy: results.map((result) => accuracyOf(result, models)),
    policies: results.map(({ runs }) => figureOf(runs.map((played) => METRICS[load.type]!(played)))),
  };
}

/** Of MLPerf's Server, one note where policies dropped queries, which its search takes for late ones. */
export function droppedNote(
  load: string,
  names: readonly string[],
  results: readonly PolicyRuns[],
): readonly string[] {
  if (load !== 'server') return [];
  const dropped = results.flatMap((result, policy) => {
    const count = droppedOf(result);
    if (count === 0) return [];
    const offered = result.runs.reduce((sum, { figures }) => sum + figures.offered, 0);
    return [`${names[policy]} ${count.toLocaleString('en')} of ${offered.toLocaleString('en')}`];
  });
  if (dropped.length === 0) return [];
  return [
    `Queries that were dropped are counted as late, where LoadGen of MLPerf expects every query to be answered: ${dropped.join(', ')}, all runs together.`,
  ];
}

/** Queries dropped in all runs. */
function droppedOf({ runs }: PolicyRuns): number {
  return runs.reduce(
    (sum, { run: { models } }) =>
      sum + models.reduce((all, { droppedFull, droppedEarly }) => all + droppedFull + droppedEarly, 0),
    0,
  );
}

/**
 * Accuracy of the answers of all runs as a share of what the most accurate cut of each model would have answered right of them:
 * in expectation, as each cut is accurate; as they came where answers were looked at to ask again. Null where nothing was answered.
 */
function accuracyOf({ runs }: PolicyRuns, models: readonly Pick<ServedModel, 'cuts'>[]): number | null {
  const best = models.map(({ cuts }) => Math.max(...cuts.map(({ accuracy }) => accuracy)));
  let [served, most] = [0, 0];
  for (const { run } of runs) {
    const again = run.models.some((one) => one.again > 0);
    run.models.forEach(({ onTime, late, right, answersByCut }, model) => {
      const { cuts } = models[model]!;
      served += again
        ? right
        : answersByCut.reduce((sum, count, cut) => sum + count * cuts[cut]!.accuracy, 0);
      most += (onTime + late) * best[model]!;
    });
  }
  return most === 0 ? null : served / most;
}

const METRICS: Readonly<Record<string, (played: PlayedRun) => number | undefined>> = {
  'single-stream': ({ figures }) => figures.p90,
  'multi-stream': ({ run }) => run.rounds?.p99,
  server: ({ run, figures }) => (meetsServer(run) ? figures.offeredRate : undefined),
  offline: ({ figures }) => figures.throughput,
};
