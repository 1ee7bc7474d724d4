import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { buildSchedule } from './build-schedule.ts';
import type { LoweredNetwork } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { crossbarCount, type Region } from './placement.ts';
import type { Replica, Schedule } from './schedule.ts';

/** The cuts of a network that is programmed once: every layer that some cut puts on crossbars lies in one place. */
export interface ResidentCuts {
  /** In the order of the partitions. */
  readonly schedules: readonly Schedule[];
  /** Crossbars in use, counted from the first of the region. */
  readonly crossbars: number;
  /** The plan of what lies on crossbars: all layers that some cut puts there. */
  readonly resident: Schedule;
}

/**
 * Schedules of several partitions of a network that share their crossbars, so that each inference may run with another:
 * the copies of each layer are those of the union of all partitions. A Fault when it does not fit the region (all of
 * the chip when left out).
 */
export function residentCuts(
  lowered: LoweredNetwork,
  partitions: readonly Partition[],
  spec: ArchitectureSpec,
  region: Region = { first: 0, count: crossbarCount(spec) },
): ResidentCuts {
  const analog = [...new Set(partitions.flatMap((one) => one.analog))].sort((a, b) => a - b);
  const resident = buildSchedule(lowered, { name: 'resident', analog }, spec, { region });
  const copies = new Map<number, readonly Replica[]>();
  let crossbars = 0;
  for (const stage of resident.stages) {
    if (stage.kind !== 'analog') continue;
    copies.set(stage.layers[0]!, stage.replicas);
    crossbars += stage.replicas.length * stage.blocks.length;
  }
  const schedules = partitions.map((partition) =>
    buildSchedule(lowered, partition, spec, { region, copies }),
  );
  return { schedules, crossbars, resident };
}
