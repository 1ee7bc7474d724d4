import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { buildSchedule } from './build-schedule.ts';
import type { LoweredNetwork } from './lowered-network.ts';
import type { Partition } from './partition/partition.ts';
import { crossbarCount, type Region } from './placement.ts';
import type { Replica, Schedule } from './schedule.ts';

/** The cuts of a network on a part of the crossbars. */
export interface PlacedCuts {
  /** In the order of the partitions. */
  readonly schedules: readonly Schedule[];
  /** Crossbars in use, counted from the first of the region. */
  readonly crossbars: number;
  /** Layers that lie on crossbars whatever the cut; undefined where each cut is programmed when its turn comes. */
  readonly resident: readonly number[] | undefined;
}

/**
 * Schedules of several partitions of a network that is programmed once, so that each inference may run with another: every
 * layer that some partition puts on crossbars lies in one place, and its copies are those of the union of all partitions. A
 * Fault when it does not fit the region (all of the chip when left out).
 */
export function residentCuts(
  lowered: LoweredNetwork,
  partitions: readonly Partition[],
  spec: ArchitectureSpec,
  region: Region = { first: 0, count: crossbarCount(spec) },
): PlacedCuts {
  const analog = [...new Set(partitions.flatMap((one) => one.analog))].sort((a, b) => a - b);
  const resident = buildSchedule(lowered, { name: 'resident', analog }, spec, { region });
  checkWhole(resident, region);
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
  return { schedules, crossbars, resident: analog };
}

/**
 * Schedules of several partitions of a network of which the crossbars hold one at a time: each has all of the region for
 * itself, and may have more copies of its layers. A Fault when one does not fit.
 */
export function movedCuts(
  lowered: LoweredNetwork,
  partitions: readonly Partition[],
  spec: ArchitectureSpec,
  region: Region = { first: 0, count: crossbarCount(spec) },
): PlacedCuts {
  const schedules = partitions.map((partition) => {
    const schedule = buildSchedule(lowered, partition, spec, { region });
    checkWhole(schedule, region);
    return schedule;
  });
  const used = schedules.flatMap(({ stages }) =>
    stages.flatMap((stage) =>
      stage.kind === 'analog' ? stage.replicas.flatMap(({ crossbars }) => crossbars) : [],
    ),
  );
  const end = used.reduce((most, crossbar) => Math.max(most, crossbar + 1), region.first);
  return { schedules, crossbars: end - region.first, resident: undefined };
}

/** A Fault where crossbars would have to be programmed anew within an inference. */
function checkWhole({ partition, parts }: Schedule, { count }: Region): void {
  if (parts.length === 0) return;
  throw new Fault(`the analog layers of ${partition.name} do not fit on ${count} crossbars together`, {
    cure: 'serve the model on more crossbars, or with cuts of fewer analog layers',
  });
}
