import { Fault, Faults } from '../base/fault.ts';
import { bestSchedule } from './best-schedule.ts';
import { actionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { inventory } from '../hardware/inventory.ts';
import { readArchitecture } from '../input/architecture.ts';
import { readSamples, type Samples } from '../input/samples.ts';
import { type NetworkToRun, readNetworkToRun } from '../input/workload-network.ts';
import { type LoweredNetwork, lowerNetwork, networkMacs } from '../mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from '../mapping/partition/index.ts';
import { crossbarCount } from '../mapping/placement.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { readCharges } from './measured-reads.ts';
import { measureAccuracy } from '../numerics/accuracy.ts';
import type { CalibrationMemory } from '../numerics/calibration-memory.ts';
import type { Report } from '../report/report.ts';
import { areaTable, markPareto, scheduleReport } from '../report/schedule-report.ts';
import { taskPolicies } from '../scheduling/task/index.ts';
import { inferencesPlayed } from './stream-length.ts';
import { analysisOf, layOut, type StudiedSchedule, studySchedule } from './studied-schedule.ts';
import { startTracing, tracedSchedule, type TraceRequest } from './tracing.ts';
import { technologyWarnings } from './technology-override.ts';
import { version } from '../version.ts';

/** What a run is asked for: files, what to compare, how much to sample. */
export interface ExperimentRequest {
  readonly architecture: string;
  readonly workload: string;
  /** `path=value` overrides of the architecture. */
  readonly overrides: readonly string[];
  /** Partitions such as `prefix:3`; none means all-digital, every cut (of long networks: a few) and all-analog. */
  readonly schedules: readonly string[];
  /** Test images per chip. */
  readonly samples: number;
  /** Simulated chips, each fabricated and programmed with its own errors. */
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  readonly taskPolicy: string;
  /** Inferences played back to back to find the steady state; undefined: as many as show it (`inferencesPlayed`). */
  readonly inferences?: number | undefined;
  /** What earlier calibrations found; the result does not depend on it. */
  readonly calibrations?: CalibrationMemory;
  /** Whether each schedule is simulated again with parts faster and slower (`whatIf` and `sensitivity`). */
  readonly resimulate?: boolean | undefined;
  /** A trace of one schedule's play. */
  readonly trace?: TraceRequest | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (phase: string, done: number, total: number) => void;
}

/**
 * The whole story: a network is mapped onto a chip in several ways; the machine plays each in time, the
 * numerics computes what the values become, and the report says what it costs and how well it answers.
 */
export async function runExperiment(request: ExperimentRequest): Promise<Report> {
  const progress = request.onProgress ?? (() => undefined);
  const architecture = await readArchitecture(request.architecture, request.overrides);
  const asked = await readNetworkToRun(request.workload);
  const found = await samplesOf(asked, request.samples);
  const samples = typeof found === 'string' ? undefined : found;
  const spec = architecture.value;

  const lowered = lowerNetwork(asked.network, asked.inputSigned ?? samples?.signed ?? true);
  const schedules = await planSchedules(lowered, spec, request.schedules, {
    signal: request.signal,
    onPlan: (done, total) => progress('plans', done, total),
  });
  const reads = await readCharges({
    ...{ lowered, spec, partitions: schedules.map(({ partition }) => partition) },
    samples: found,
    ...{ seed: request.seed, workers: request.workers },
    ...{ calibrations: request.calibrations, signal: request.signal },
  });
  const table = actionTable(inventory(spec, reads.charges));
  const taskPolicy = taskPolicies.get(request.taskPolicy);
  const layerNames = lowered.network.layers.map((layer) => layer.name);
  const floorPlan = layOut(spec);

  const traced = request.trace === undefined ? undefined : tracedSchedule(schedules, request.trace);

  const { signal } = request;
  const counts: number[] = [];
  for (const schedule of schedules)
    counts.push(await inferencesPlayed({ schedule, spec, table, taskPolicy, signal }, request.inferences));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const played: StudiedSchedule[] = [];
  let before = 0;
  for (const schedule of schedules) {
    const inferences = counts[played.length]!;
    const tracing =
      schedule === traced
        ? startTracing(request.trace!, schedule, lowered, spec, table, inferences)
        : undefined;
    const start = before;
    const onPiece = async (done: number) => {
      progress('time and energy', start + done, total);
      await tracing?.flush();
    };
    const onReplay = (done: number, total: number) =>
      progress(`what if, ${schedule.partition.name}`, done, total);
    const plays = { schedule, lowered, spec, table, taskPolicy, inferences, signal, onPiece, onReplay };
    const studied = await studySchedule({ ...plays, watch: tracing?.sink });
    await tracing?.finish(studied.ticks.elapsed);
    before += studied.inferences;
    played.push(studied);
  }

  const accuracy =
    samples === undefined
      ? undefined
      : await measureAccuracy({
          lowered,
          spec,
          partitions: schedules.map((schedule) => schedule.partition),
          images: samples.images,
          labels: samples.labels,
          calibration: samples.calibration,
          chips: request.chips,
          seed: request.seed,
          workers: request.workers,
          calibrations: request.calibrations,
          onProgress: (done, total) => progress('accuracy', done, total),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });

  const macs = networkMacs(lowered);
  const macsOf = new Map(lowered.candidates.map((candidate) => [candidate.layer, candidate.macs]));
  const described = schedules.map((schedule, index) =>
    scheduleReport({
      ...played[index]!,
      schedule,
      layerNames,
      floorPlan,
      macs,
      analogMacs: schedule.partition.analog.reduce((sum, layer) => sum + macsOf.get(layer)!, 0),
      table,
      precision: precisionText(schedule, spec),
      correctPerChip: accuracy?.partitions[index]!.correctPerChip,
      samples: accuracy?.samples ?? 0,
    }),
  );
  const notes = await technologyWarnings(request.architecture, request.overrides, spec);
  const rows = [];
  for (const [index, row] of described.entries()) {
    const { precision } = row.topsPerWatt;
    const analysis = await analysisOf(played[index]!, row.energy, precision, request.resimulate ?? false);
    rows.push({ ...row, analysis, warnings: [...notes, ...row.warnings] });
  }

  return {
    kind: 'kirchhoff-report',
    formatVersion: 1,
    provenance: {
      kirchhoff: version(),
      seed: request.seed,
      samples: accuracy?.samples ?? 0,
      chips: accuracy === undefined ? 0 : request.chips,
      taskPolicy: taskPolicy.name,
      inferences: Math.max(...counts),
      overrides: [...request.overrides],
      inputs: [
        { role: 'architecture', file: request.architecture, sha256: architecture.hash },
        ...asked.inputs,
        ...(samples?.files ?? []),
      ],
    },
    architecture: {
      name: spec.name,
      area: table.components.reduce((sum, part) => sum + part.area * part.count, 0),
      leakage: table.components.reduce((sum, part) => sum + part.leakage * part.count, 0),
      crossbars: crossbarCount(spec),
      components: areaTable(table),
      floorPlan,
    },
    workload: {
      name: asked.name,
      macs,
      mvmLayers: lowered.candidates.map(({ name, macs }) => ({ name, macs })),
    },
    accuracy:
      accuracy === undefined
        ? null
        : {
            samples: accuracy.samples,
            chips: request.chips,
            float: accuracy.floatCorrect / accuracy.samples,
            digital: accuracy.digitalCorrect / accuracy.samples,
            reference: typeof asked.trained === 'string' ? null : (asked.trained.referenceAccuracy ?? null),
          },
    withoutAccuracy: typeof asked.trained === 'string' ? asked.trained : null,
    reads: reads.report,
    schedules: [...markPareto(rows)],
  };
}

/** How the making of plans is watched and ended. */
export interface Planning {
  readonly signal?: AbortSignal | undefined;
  readonly onPlan?: ((done: number, total: number) => void) | undefined;
}

/**
 * The schedules asked for, or by default all that the chip can run among all-digital, every cut (of long
 * networks: a few) and all-analog.
 * A Fault when a named one cannot run, or none can.
 */
export async function planSchedules(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  names: readonly string[],
  { signal, onPlan }: Planning = {},
): Promise<readonly Schedule[]> {
  const cuts = names.length > 0 ? [...new Set(names)] : defaultCuts(lowered.candidates);
  const schedules: Schedule[] = [];
  const refused: Fault[] = [];
  for (const [index, name] of cuts.entries()) {
    onPlan?.(index, cuts.length);
    try {
      schedules.push(await bestSchedule(lowered, partitionFrom(name, lowered.candidates), spec, signal));
    } catch (error) {
      if (!(error instanceof Fault) || names.length > 0) throw error;
      refused.push(error);
    }
  }
  // What keeps the network from running all-digital, and what from all-analog.
  const [digital, analog] = [refused[0], refused.at(-1)];
  if (schedules.length === 0 && digital !== undefined && analog !== undefined)
    throw digital === analog ? digital : new Faults([digital, analog]);
  return schedules;
}

/** One schedule of a workload on a chip, and what it can be asked with. */
export interface PlannedWorkload {
  readonly name: string;
  readonly lowered: LoweredNetwork;
  readonly schedule: Schedule;
  readonly inputs: NetworkToRun['inputs'];
  /** Or why there are none. */
  readonly samples: Samples | string;
}

/** A workload mapped onto a chip under one schedule, for a look at where its layers went. */
export async function planWorkload(
  workloadFile: string,
  spec: ArchitectureSpec,
  scheduleName: string,
  signal?: AbortSignal,
): Promise<PlannedWorkload> {
  const asked = await readNetworkToRun(workloadFile);
  const samples = await samplesOf(asked, 1);
  const signed = typeof samples === 'string' ? true : samples.signed;
  const lowered = lowerNetwork(asked.network, asked.inputSigned ?? signed);
  const [schedule] = await planSchedules(lowered, spec, [scheduleName], { signal });
  return { name: asked.name, lowered, schedule: schedule!, inputs: asked.inputs, samples };
}

/** Images to ask, or why there are none: no weights, or no data. */
async function samplesOf({ trained, network }: NetworkToRun, count: number): Promise<Samples | string> {
  return typeof trained === 'string' ? trained : await readSamples(trained, network.input.shape, count);
}

/** What TOPS count: the numbers that the parts in use multiply. */
export function precisionText(schedule: Schedule, spec: ArchitectureSpec): string {
  const { weightBits, inputBits } = spec.encoding;
  const crossbars = `${weightBits}-bit weights × ${inputBits}-bit inputs`;
  const digital = schedule.stages.some((stage) => stage.kind === 'digital' && stage.product !== undefined);
  const format = spec.digitalCore?.macArray?.precision ?? 'int8';
  const digitalCores = format === 'int8' ? format : `${format}, values int8`;
  if (schedule.partition.analog.length === 0) return digitalCores;
  return digital ? `crossbars ${crossbars}, digital cores ${digitalCores}` : crossbars;
}
