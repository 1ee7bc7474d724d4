import { setImmediate } from 'node:timers/promises';
import { Fault, Faults } from './base/fault.ts';
import { actionTable } from './hardware/action-table.ts';
import type { ArchitectureSpec } from './hardware/architecture.ts';
import { inventory } from './hardware/inventory.ts';
import { readArchitecture } from './input/architecture.ts';
import { readSamples } from './input/samples.ts';
import { type NetworkToRun, readNetworkToRun } from './input/workload-network.ts';
import { type ActivitySink, activitySinks } from './machine/activity.ts';
import { startSchedule } from './machine/machine.ts';
import { TICKS_PER_SECOND } from './machine/ticks.ts';
import { buildSchedule } from './mapping/build-schedule.ts';
import { type LoweredNetwork, lowerNetwork, networkMacs } from './mapping/lowered-network.ts';
import { defaultCuts, partitionFrom } from './mapping/partition/index.ts';
import { crossbarCount } from './mapping/placement.ts';
import type { Schedule } from './mapping/schedule.ts';
import { measureAccuracy } from './numerics/accuracy.ts';
import type { CalibrationMemory } from './numerics/calibration-memory.ts';
import { EnergyLedger } from './report/energy-ledger.ts';
import type { Report } from './report/report.ts';
import { markPareto, scheduleReport } from './report/schedule-report.ts';
import { taskPolicies } from './scheduling/task/index.ts';
import { startTracing, tracedSchedule, type TraceRequest } from './tracing.ts';
import { version } from './version.ts';

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
  /** Inferences played back to back to find the steady state. */
  readonly inferences: number;
  /** What earlier calibrations found; the result does not depend on it. */
  readonly calibrations?: CalibrationMemory;
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
  const samples = await samplesOf(asked, request.samples);
  const spec = architecture.value;

  const lowered = lowerNetwork(asked.network, asked.inputSigned ?? samples?.signed ?? true);
  const schedules = planSchedules(lowered, spec, request.schedules);
  const table = actionTable(inventory(spec));
  const taskPolicy = taskPolicies.get(request.taskPolicy);

  const traced = request.trace === undefined ? undefined : tracedSchedule(schedules, request.trace);

  const played: PlayedSchedule[] = [];
  for (const schedule of schedules) {
    const total = schedules.length * request.inferences;
    const tracing =
      schedule === traced
        ? startTracing(request.trace!, schedule, lowered, spec, table, request.inferences)
        : undefined;
    const play = async (inferences: number, sink: ActivitySink, shown: number) => {
      const started = startSchedule(schedule, spec, table, { inferences, taskPolicy, sink });
      // In pieces, so that an interrupt gets through.
      while (!started.advance(EVENTS_AT_ONCE)) {
        progress('time and energy', shown + started.done, total);
        await tracing?.flush();
        await setImmediate();
        request.signal?.throwIfAborted();
      }
      return started.result();
    };
    const ledger = new EnergyLedger(table, schedule.stages.length);
    const before = played.length * request.inferences;
    const alone = await play(1, IGNORE, before);
    const sink = tracing === undefined ? ledger : activitySinks([ledger, tracing.sink]);
    const stream = await play(request.inferences, sink, before);
    await tracing?.finish(stream.elapsed);
    await setImmediate();
    request.signal?.throwIfAborted();
    played.push({
      ledger,
      latency: alone.elapsed / TICKS_PER_SECOND,
      initiationInterval: steadyInterval(stream.completions) / TICKS_PER_SECOND,
      elapsed: stream.elapsed / TICKS_PER_SECOND,
    });
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
  const layerNames = lowered.network.layers.map((layer) => layer.name);
  const macsOf = new Map(lowered.candidates.map((candidate) => [candidate.layer, candidate.macs]));
  const rows = schedules.map((schedule, index) =>
    scheduleReport({
      ...played[index]!,
      schedule,
      layerNames,
      macs,
      analogMacs: schedule.partition.analog.reduce((sum, layer) => sum + macsOf.get(layer)!, 0),
      inferences: request.inferences,
      table,
      precision: precisionText(schedule, spec),
      correctPerChip: accuracy?.partitions[index]!.correctPerChip,
      samples: accuracy?.samples ?? 0,
    }),
  );

  return {
    kind: 'kirchhoff-report',
    formatVersion: 1,
    provenance: {
      kirchhoff: version(),
      seed: request.seed,
      samples: accuracy?.samples ?? 0,
      chips: accuracy === undefined ? 0 : request.chips,
      taskPolicy: taskPolicy.name,
      inferences: request.inferences,
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
    schedules: [...markPareto(rows)],
  };
}

/**
 * The schedules asked for, or by default all that the chip can run among all-digital, every cut (of long
 * networks: a few) and all-analog.
 * A Fault when a named one cannot run, or none can.
 */
export function planSchedules(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  names: readonly string[],
): readonly Schedule[] {
  const build = (name: string) => buildSchedule(lowered, partitionFrom(name, lowered.candidates), spec);
  if (names.length > 0) return [...new Set(names)].map(build);
  const schedules: Schedule[] = [];
  const refused: Fault[] = [];
  for (const name of defaultCuts(lowered.candidates)) {
    try {
      schedules.push(build(name));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push(error);
    }
  }
  // What keeps the network from running all-digital, and what from all-analog.
  const [digital, analog] = [refused[0], refused.at(-1)];
  if (schedules.length === 0 && digital !== undefined && analog !== undefined)
    throw digital === analog ? digital : new Faults([digital, analog]);
  return schedules;
}

/** A workload mapped onto a chip under one schedule, for a look at where its layers went. */
export async function planWorkload(
  workloadFile: string,
  spec: ArchitectureSpec,
  scheduleName: string,
): Promise<{ lowered: LoweredNetwork; schedule: Schedule }> {
  const asked = await readNetworkToRun(workloadFile);
  const samples = await samplesOf(asked, 1);
  const lowered = lowerNetwork(asked.network, asked.inputSigned ?? samples?.signed ?? true);
  return { lowered, schedule: planSchedules(lowered, spec, [scheduleName])[0]! };
}

/** Images to ask, when the network has weights and the workload data. */
async function samplesOf({ trained, network }: NetworkToRun, count: number) {
  return typeof trained === 'string' ? undefined : await readSamples(trained, network.input.shape, count);
}

interface PlayedSchedule {
  readonly ledger: EnergyLedger;
  /** s. */
  readonly latency: number;
  readonly initiationInterval: number;
  readonly elapsed: number;
}

// The first half of the stream fills the pipeline; the second half shows its pace.
function steadyInterval(completions: Float64Array): number {
  const last = completions.length - 1;
  if (last === 0) return completions[0]!;
  const from = Math.floor(last / 2);
  return (completions[last]! - completions[from]!) / (last - from);
}

function precisionText(schedule: Schedule, spec: ArchitectureSpec): string {
  const { weightBits, inputBits } = spec.encoding;
  const crossbars = `${weightBits}-bit weights × ${inputBits}-bit inputs`;
  const digital = schedule.stages.some((stage) => stage.kind === 'digital' && stage.product !== undefined);
  if (schedule.partition.analog.length === 0) return 'int8';
  return digital ? `crossbars ${crossbars}, digital cores int8` : crossbars;
}

/** Some 50 ms of play. */
const EVENTS_AT_ONCE = 50_000;

const IGNORE = { record: () => undefined };
