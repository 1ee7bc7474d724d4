import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { ActivitySink } from '../machine/activity.ts';
import { analogPlans } from '../machine/analog-plan.ts';
import { type MachineRun, startSchedule } from '../machine/machine.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { MeasureOptions } from './measure-options.ts';
import { measureOverlap } from './measure-overlap.ts';
import { EnergySum } from './energy-sum.ts';
import type { CutProfile, Visit } from './profile.ts';

/**
 * What a cut takes of a chip: latency from one inference on an idle chip; energy and busy times from a stream of them;
 * interval and what overlapping queries cost each other under load. The station that bounds the rate is charged the whole
 * interval, the other one its busy time.
 */
export async function measureCut(schedule: Schedule, options: MeasureOptions): Promise<CutProfile> {
  const { spec, stations } = options;
  const alone = await play(schedule, options, 1, { record: () => undefined });
  const energy = new EnergySum(options.table);
  const stream = await play(schedule, options, STREAM, energy);
  const latency = alone.completions[0]!;
  const loaded = await measureOverlap(schedule, latency, options);
  const { interval } = loaded;

  const digitalCores = stream.occupancy.find(({ resource }) => resource === 'digitalCores')!;
  const digital = digitalCores.servers === 0 ? 0 : digitalCores.busy / digitalCores.servers / STREAM;
  const analog = crossbarTicks(schedule, spec);
  const bound = analog >= digital ? 'analog' : 'digital';
  const visits: Visit[] = [];
  const add = (station: 'analog' | 'digital', ticks: number, busy: number) => {
    if (ticks === 0 && station !== bound) return;
    const work = station === bound ? Math.max(interval, ticks) : Math.min(ticks, interval);
    visits.push({ station: stations[station], work: Math.round(work), busy });
  };
  add('analog', analog, analog === 0 ? 0 : loaded.busy.crossbarTicks / options.crossbars);
  add('digital', digital, loaded.busy.digital);
  return {
    name: schedule.partition.name,
    ...{ latency, interval, energy: energy.total / STREAM },
    ...{ inFlight: loaded.inFlight, overlap: loaded.table },
    visits,
  };
}

/** Inferences of a stream: enough to be steady. */
const STREAM = 64;
/** Events between which others may run: some 50 ms of play. */
const EVENTS_AT_ONCE = 50_000;

async function play(
  schedule: Schedule,
  { spec, table, taskPolicy, onPiece }: MeasureOptions,
  inferences: number,
  sink: ActivitySink,
): Promise<MachineRun> {
  const started = startSchedule(schedule, spec, table, { inferences, taskPolicy, sink });
  while (!started.advance(EVENTS_AT_ONCE)) await onPiece();
  return started.result();
}

/** Ticks that an inference keeps the busiest copy of its busiest analog layer. */
function crossbarTicks({ stages }: Schedule, spec: ArchitectureSpec): number {
  const plans = analogPlans(stages, spec);
  let busiest = 0;
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    const turns = Math.ceil(stage.tasks / stage.replicas.length);
    for (const { occupancy } of plans[stage.index]!) busiest = Math.max(busiest, turns * occupancy);
  }
  return busiest;
}
