import { figureOf } from './figures-over-runs.ts';
import type { PlayedRun } from './load-sweep.ts';
import { mlperfRules } from '../../load/mlperf.ts';
import type { PolicyRuns } from './play-policies.ts';
import type { ServedScenario } from '../../report/serving.ts';
import { meetsServer } from '../../serving/highest-rate.ts';

/** What counts in a scenario of MLPerf Inference, of each policy, and whether the runs are as long as it asks; null of other loads. */
export function mlperfOf(load: string, results: readonly PolicyRuns[]): ServedScenario['mlperf'] {
  const rule = mlperfRules.find((one) => one.load === load);
  if (rule === undefined) return null;
  const { metric, unit, seconds, queries } = rule;
  const longEnough = results.every(({ runs }) =>
    runs.every(({ run, figures }) => run.elapsed >= seconds && figures.offered >= queries),
  );
  // Of Server they count as late.
  const dropped = results.map(({ runs }) =>
    load === 'server' ? 0 : runs.reduce((sum, { run }) => sum + droppedOf(run), 0),
  );
  const policies = results.map(({ runs }) => figureOf(runs.map((played) => METRICS[load]!(played))));
  return { metric, unit, seconds, queries, longEnough, dropped, policies };
}

function droppedOf({ models }: PlayedRun['run']): number {
  return models.reduce((sum, { droppedFull, droppedEarly }) => sum + droppedFull + droppedEarly, 0);
}

const METRICS: Readonly<Record<string, (played: PlayedRun) => number | undefined>> = {
  'single-stream': ({ figures }) => figures.p90,
  'multi-stream': ({ run }) => run.rounds?.p99,
  server: ({ run, figures }) => (meetsServer(run) ? figures.offeredRate : undefined),
  offline: ({ figures }) => figures.throughput,
};
