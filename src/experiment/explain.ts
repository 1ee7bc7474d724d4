import { foldedEnergy } from '../analysis/flame-graph.ts';
import { planWorkload, precisionText } from './experiment.ts';
import { actionTable } from '../hardware/action-table.ts';
import { inventory } from '../hardware/inventory.ts';
import { readArchitecture } from '../input/architecture.ts';
import { networkMacs } from '../mapping/lowered-network.ts';
import { bufferShortage } from '../report/buffer-shortage.ts';
import type { Explanation } from '../report/explanation.ts';
import { areaTable, energyReport, utilisation } from '../report/schedule-report.ts';
import { readCharges } from './measured-reads.ts';
import { taskPolicies } from '../scheduling/task/index.ts';
import { inferencesPlayed } from './stream-length.ts';
import { analysisOf, studySchedule } from './studied-schedule.ts';
import { technologyWarnings } from './technology-override.ts';
import { version } from '../version.ts';

/** What is to be explained: one schedule of a network on a chip. */
export interface ExplainRequest {
  readonly architecture: string;
  readonly workload: string;
  /** `path=value` overrides of the architecture. */
  readonly overrides: readonly string[];
  /** A partition such as `prefix:3`. */
  readonly schedule: string;
  readonly taskPolicy: string;
  /** Inferences of every play; undefined: as many as show the pace (`inferencesPlayed`). */
  readonly inferences?: number | undefined;
  /** Whether it is simulated again with parts faster and slower. */
  readonly resimulate: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (phase: string, done: number, total: number) => void;
}

/**
 * Why a schedule takes the time and the energy that it takes. No value is computed and no data are needed, but where the
 * chip asks for measured reads.
 */
export async function explain(request: ExplainRequest): Promise<Explanation> {
  const { taskPolicy: policy, signal } = request;
  const { value: spec, hash } = await readArchitecture(request.architecture, request.overrides);
  const notes = await technologyWarnings(request.architecture, request.overrides, spec);
  const planned = await planWorkload(request.workload, spec, request.schedule, signal);
  const { name, lowered, schedule, inputs, samples } = planned;
  const partitions = [schedule.partition];
  const { charges, report: reads } = await readCharges({
    ...{ lowered, spec, partitions, samples, seed: DEFAULT_SEED, workers: 1, signal },
  });
  const table = actionTable(inventory(spec, charges));
  const taskPolicy = taskPolicies.get(policy);
  const inferences = await inferencesPlayed(
    { schedule, spec, table, taskPolicy, signal },
    request.inferences,
  );
  const onPiece = (done: number) => request.onProgress?.('time and energy', done, inferences);
  const onReplay = (done: number, total: number) => request.onProgress?.('what if', done, total);
  const plays = { schedule, lowered, spec, table, taskPolicy, inferences, signal, onPiece, onReplay };
  const studied = await studySchedule(plays);
  const { ledger, latency, initiationInterval, elapsed } = studied;
  const layerNames = lowered.network.layers.map(({ name }) => name);
  const energy = energyReport({
    ...{ table, ledger, schedule, inferences, initiationInterval, layerNames },
  });
  const precision = precisionText(schedule, spec);
  const components = areaTable(table);
  return {
    kind: 'kirchhoff-explanation',
    formatVersion: 1,
    provenance: {
      kirchhoff: version(),
      ...{ taskPolicy: taskPolicy.name, inferences },
      overrides: [...request.overrides],
      inputs: [{ role: 'architecture', file: request.architecture, sha256: hash }, ...inputs],
    },
    architecture: {
      name: spec.name,
      area: components.reduce((sum, { area }) => sum + area, 0),
      components,
    },
    workload: { name, macs: networkMacs(lowered) },
    schedule: {
      name: schedule.partition.name,
      ...{ latency, initiationInterval, energy },
      utilisation: utilisation({ table, ledger, elapsed }),
      crossbarsUsed: schedule.crossbarsUsed,
      turns: studied.turns,
      bufferShortage: bufferShortage(schedule.buffers),
      warnings: [...notes, ...studied.warnings],
    },
    analysis: await analysisOf(studied, energy, precision, request.resimulate),
    reads,
  };
}

/** The energy of an explanation as folded stacks, for flamegraph.pl and speedscope. */
export function flameGraph({ workload, analysis }: Explanation): string {
  return foldedEnergy(workload.name, analysis.energyMatrix);
}

/** As `run` has it: the same chip. */
const DEFAULT_SEED = 1;
