import { setImmediate } from 'node:timers/promises';
import { analyseSchedule, type Observers, observers } from '../analysis/analyse-schedule.ts';
import { withBuffersOf } from '../analysis/capacities.ts';
import { busiestLoad } from '../analysis/loads.ts';
import { type Pace, replaysOf, sensitivity, whatIf } from '../analysis/resimulation.ts';
import { turnsReport } from '../analysis/turns-report.ts';
import { warnings } from '../analysis/warnings.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { meshWidth } from '../hardware/interconnect.ts';
import { routesOf } from '../hardware/routes.ts';
import { type ActivitySink, activitySinks } from '../machine/activity.ts';
import { batchInterval, batchOf, streamLength } from '../machine/batches.ts';
import { type MachineRun, playInPieces } from '../machine/machine.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { type LoweredNetwork, networkMacs } from '../mapping/lowered-network.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Analysis } from '../report/analysis.ts';
import { EnergyLedger } from '../report/energy-ledger.ts';
import type { FloorPlan } from '../report/floor-plan.ts';
import type { EnergyReport } from '../report/report.ts';
import { layersOfStages } from '../report/schedule-report.ts';
import { StageTimeline, type Timeline } from '../report/timeline.ts';
import type { TurnsReport } from '../report/turns.ts';
import { UnitLoad, type UnitLoadReport } from '../report/unit-load.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import { Entries, isSteady, steadyInterval, steadyLength } from '../machine/steady-pace.ts';

/** A schedule on a chip, and how it is to be played. */
export interface Plays {
  readonly schedule: Schedule;
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
  readonly taskPolicy: TaskPolicy;
  /** Played back to back to find the steady state; where parts take turns, as many more as make whole batches. */
  readonly inferences: number;
  /** Something else that watches the stream. */
  readonly watch?: ActivitySink | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called between pieces of a play, with the inferences that are done. */
  readonly onPiece?: (done: number) => Promise<void> | void;
  /** Called when one more of the plays with a changed part is over. */
  readonly onReplay?: (done: number, total: number) => void;
}

/** What a first inference alone and a stream of them showed. */
export interface StudiedSchedule {
  readonly plays: Plays;
  /** Of the stream. */
  readonly inferences: number;
  readonly ledger: EnergyLedger;
  /** s. */
  readonly latency: number;
  readonly initiationInterval: number;
  readonly elapsed: number;
  /** Ticks of both plays. */
  readonly ticks: { readonly latency: number; readonly elapsed: number };
  readonly observers: Observers;
  readonly waits: MachineRun['waits'];
  readonly timeline: Timeline;
  readonly load: UnitLoadReport;
  readonly turns: TurnsReport | null;
  readonly warnings: readonly string[];
}

/** Plays a schedule: one inference on an idle chip, then a stream of them. */
export async function studySchedule(asked: Plays): Promise<StudiedSchedule> {
  const { schedule, spec, table } = asked;
  const inferences = streamLength(asked.inferences, batchOf(schedule, spec));
  const plays = { ...asked, inferences };
  const ledger = new EnergyLedger(table, schedule.stages.length);
  const watching = observers(table, schedule, inferences);
  const timeline = new StageTimeline(table, schedule.stages.length);
  const load = new UnitLoad(table, schedule, layOut(spec), routesOf(spec));
  const sinks = [ledger, load, ...(plays.watch === undefined ? [] : [plays.watch])];
  const alone = await play(plays, spec, 1, activitySinks([watching.first, timeline]));
  const stream = await playStream(plays, spec, watching.stream, sinks);
  const turns = turnsReport(schedule, spec, stream.interval);
  return {
    ...{ plays, inferences, turns },
    warnings: warnings(schedule, spec, turns, { inferences, enough: stream.enough }),
    ledger,
    latency: alone.completions[0]! / TICKS_PER_SECOND,
    initiationInterval: stream.interval,
    elapsed: stream.run.elapsed / TICKS_PER_SECOND,
    ticks: { latency: alone.completions[0]!, elapsed: stream.run.elapsed },
    observers: watching,
    waits: stream.run.waits,
    timeline: timeline.report(schedule, layerNamesOf(plays), TICKS_PER_SECOND),
    load: load.report(stream.run.elapsed),
  };
}

/** Where the units of a chip lie. */
export function layOut(spec: ArchitectureSpec): FloorPlan {
  const { chip, tile, analogCore } = spec;
  return {
    chips: chip.count,
    tiles: tileCount(spec),
    tilesPerRow: meshWidth(chip.tiles),
    analogCoresPerTile: tile.analogCores,
    crossbarsPerCore: analogCore?.crossbars ?? 0,
    digitalCoresPerTile: tile.digitalCores,
  };
}

/** What determines its energy and time; with `resimulate` also what other parts would change, at 40 plays or so. */
export async function analysisOf(
  studied: StudiedSchedule,
  energy: EnergyReport,
  precision: string,
  resimulate: boolean,
): Promise<Analysis> {
  const { plays, latency, initiationInterval: interval } = studied;
  const { schedule, lowered, spec, table, inferences } = plays;
  const analysis = analyseSchedule({
    ...{ schedule, spec, table, inferences, interval, precision },
    layerOfStage: layersOf(plays),
    observers: studied.observers,
    ledger: studied.ledger,
    waits: studied.waits,
    ...studied.ticks,
    energy: energy.total,
    macs: networkMacs(lowered),
  });
  if (!resimulate) return analysis;
  const pace = { latency, interval };
  const { onPiece: _, onReplay, ...quiet } = plays;
  const total = replaysOf(spec);
  let done = 0;
  const replay = async (changed: ArchitectureSpec) => {
    const found = await paceOf(quiet, changed);
    onReplay?.(++done, total);
    return found;
  };
  return {
    ...analysis,
    whatIf: await whatIf(spec, pace, replay),
    sensitivity: await sensitivity(spec, pace, energy, replay),
  };
}

async function paceOf(asked: Plays, spec: ArchitectureSpec): Promise<Pace> {
  const roomy = spec.tile.buffer.capacity !== asked.spec.tile.buffer.capacity;
  const schedule = roomy ? withBuffersOf(asked.schedule, spec) : asked.schedule;
  const plays = { ...asked, schedule };
  const { table, inferences } = plays;
  const alone = await play(plays, spec, 1, IGNORE);
  const { interval } = await playStream(plays, spec, observers(table, schedule, inferences).stream, []);
  return { latency: alone.completions[0]! / TICKS_PER_SECOND, interval };
}

/** A stream, its interval in s, and with how many inferences one would show the pace. */
async function playStream(
  plays: Plays,
  spec: ArchitectureSpec,
  occupation: Observers['stream'],
  sinks: readonly ActivitySink[],
): Promise<{ run: MachineRun; interval: number; enough: number }> {
  const { inferences, schedule } = plays;
  const entries = new Entries(inferences);
  const run = await play(plays, spec, inferences, activitySinks([occupation, entries, ...sinks]));
  if (run.period !== undefined) {
    const interval = run.period.ticks / run.period.inferences / TICKS_PER_SECOND;
    return { run, interval, enough: inferences };
  }
  const batch = batchOf(schedule, spec);
  if (batch !== undefined) {
    return { run, interval: batchInterval(run.completions, batch) / TICKS_PER_SECOND, enough: inferences };
  }
  const { units, steadyInferences } = occupation;
  const load = busiestLoad({ units, layerOfStage: layersOf(plays), spec, inferences, steadyInferences });
  const stream = { entries: entries.at, completions: run.completions };
  const ticks = steadyInterval(stream, load * TICKS_PER_SECOND);
  const enough = isSteady(stream) ? inferences : Math.max(inferences + 1, steadyLength(stream));
  return { run, interval: ticks / TICKS_PER_SECOND, enough };
}

function layersOf(plays: Plays): readonly string[] {
  return layersOfStages(plays.schedule, layerNamesOf(plays));
}

function layerNamesOf({ lowered }: Plays): readonly string[] {
  return lowered.network.layers.map(({ name }) => name);
}

// In pieces, so that an interrupt gets through.
async function play(
  { schedule, table, taskPolicy, signal, onPiece }: Plays,
  spec: ArchitectureSpec,
  inferences: number,
  sink: ActivitySink,
): Promise<MachineRun> {
  return playInPieces(schedule, spec, table, { inferences, taskPolicy, sink }, async (done) => {
    await onPiece?.(done);
    await setImmediate();
    signal?.throwIfAborted();
  });
}

const IGNORE = { record: () => undefined };
