import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { ActivitySink } from '../machine/activity.ts';
import { analogPlans } from '../machine/analog-plan.ts';
import { type MachineRun, playInPieces } from '../machine/machine.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { MeasureOptions } from './measure-options.ts';
import { measureOverlap } from './measure-overlap.ts';
import { EnergySum } from './energy-sum.ts';
import type { CutProfile, Visit } from './profile.ts';

/**
 * What a cut takes of a chip: latency from one inference on an idle chip; energy and busy times from a stream of them;
 * interval and what overlapping queries cost each other under load. Batches are measured by themselves (`measureBatches`).
 */
export async function measureCut(schedule: Schedule, options: MeasureOptions): Promise<CutProfile> {
  const { spec, stations } = options;
  const single = new EnergySum(options.table);
  const alone = await play(schedule, options, 1, single);
  const energy = new EnergySum(options.table);
  await play(schedule, options, STREAM, energy);
  const latency = alone.completions[0]!;
  const loaded = await measureOverlap(schedule, latency, options);
  const { interval } = loaded;

  const work = { analog: crossbarTicks(schedule, spec), ...loaded.busiest };
  const busy = { analog: loaded.busy.crossbarTicks / options.crossbars, digital: loaded.busy.digital };
  const visits = (['analog', 'digital', 'ports'] as const).flatMap((kind): readonly Visit[] => {
    // Pieces of work that happen to fall into what was looked at do not make a station slower than its pace.
    const ticks = Math.round(Math.min(work[kind], interval));
    if (ticks === 0) return [];
    return [{ station: stations[kind], work: ticks, ...(kind === 'ports' ? {} : { busy: busy[kind] }) }];
  });
  return {
    name: schedule.partition.name,
    ...{ latency, interval, energy: energy.total / STREAM },
    quiet: { energy: single.total, beside: loaded.beside },
    ...{ inFlight: loaded.inFlight, overlap: loaded.table },
    visits,
  };
}

/** Inferences of a stream: enough to be steady. */
const STREAM = 64;

async function play(
  schedule: Schedule,
  { spec, table, taskPolicy, onPiece }: MeasureOptions,
  inferences: number,
  sink: ActivitySink,
): Promise<MachineRun> {
  return playInPieces(schedule, spec, table, { inferences, taskPolicy, sink }, onPiece);
}

/** Ticks that an inference keeps the busiest copy of its busiest analog layer. */
function crossbarTicks({ stages }: Schedule, spec: ArchitectureSpec): number {
  const plans = analogPlans(stages, spec);
  let busiest = 0;
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    const turns = Math.ceil(stage.tasks / stage.replicas.length);
    for (const { mvm } of plans[stage.index]!) busiest = Math.max(busiest, turns * mvm.occupancy);
  }
  return busiest;
}
