import { Fault } from '../base/fault.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { routesOf } from '../hardware/routes.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import { coreOfCrossbar, tileOfCrossbar } from '../mapping/placement.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { layersOfStages } from '../report/schedule-report.ts';
import { TraceSink } from '../report/trace.ts';
import type { TraceSummary, TraceWindow } from '../report/trace-subject.ts';
import { version } from '../version.ts';

/** A trace that a run is asked for: of which schedule, what of it, and who takes its text. */
export interface TraceRequest {
  /** The partition; may be left out when only one schedule is played. */
  readonly schedule?: string;
  readonly window: TraceWindow;
  readonly write: (text: string) => Promise<void>;
  readonly onSummary: (summary: TraceSummary & { readonly elapsed: number }) => void;
}

/** The observer of one play, and the way of its text out. */
export interface Tracing {
  readonly sink: TraceSink;
  /** Hands on what has gathered. */
  flush(): Promise<void>;
  /** Writes the rest, at the last tick of the play. */
  finish(elapsed: number): Promise<void>;
}

/** The schedule that a trace is asked of; a Fault when that is none or not clear. */
export function tracedSchedule(schedules: readonly Schedule[], { schedule }: TraceRequest): Schedule {
  const names = schedules.map(({ partition }) => partition.name);
  if (schedule === undefined && schedules.length === 1) return schedules[0]!;
  if (schedule === undefined) {
    throw new Fault(`--trace shows one schedule, ${names.length} are played`, {
      cure: `name it with --trace-schedule: ${names.join(', ')}`,
    });
  }
  const found = schedules.find(({ partition }) => partition.name === schedule);
  if (found !== undefined) return found;
  throw new Fault(`--trace-schedule ${schedule} is not among those played`, {
    cure: `played: ${names.join(', ')}`,
  });
}

/** Starts a trace of a schedule's play. */
export function startTracing(
  request: TraceRequest,
  schedule: Schedule,
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  table: ActionTable,
  inferences: number,
): Tracing {
  const routes = routesOf(spec);
  const layout = {
    tiles: tileCount(spec),
    digitalCores: tileCount(spec) * spec.tile.digitalCores,
    links: routes.links,
    firstBetweenChips: routes.firstBetweenChips,
    tileOfLink: (link: number) => routes.tileOf(link),
    nameOfLink: (link: number) => routes.nameOf(link),
    tileOfCrossbar: (crossbar: number) => tileOfCrossbar(spec, crossbar),
    coreOfCrossbar: (crossbar: number) => coreOfCrossbar(spec, crossbar),
    tileOfDigitalCore: (core: number) => Math.floor(core / spec.tile.digitalCores),
  };
  const subject = {
    kirchhoff: version(),
    architecture: spec.name,
    workload: lowered.network.name,
    layerOfStage: layersOfStages(
      schedule,
      lowered.network.layers.map(({ name }) => name),
    ),
    ...{ schedule, inferences, table, layout },
  };
  const sink = new TraceSink(subject, request.window);
  const flush = () => request.write(sink.take());
  return {
    sink,
    flush,
    async finish(elapsed) {
      const summary = sink.finish();
      await flush();
      request.onSummary({ ...summary, elapsed });
    },
  };
}
