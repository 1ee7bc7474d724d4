import { Fault } from '../../src/base/fault.ts';
import { actionTable } from '../../src/hardware/action-table.ts';
import type { ArchitectureSpec } from '../../src/hardware/architecture.ts';
import { inventory } from '../../src/hardware/inventory.ts';
import { Fleet, type FleetAnswer } from '../../src/machine/fleet.ts';
import type { LoweredNetwork } from '../../src/mapping/lowered-network.ts';
import { crossbarCount } from '../../src/mapping/placement.ts';
import { residentCuts } from '../../src/mapping/resident-cuts.ts';
import type { Schedule } from '../../src/mapping/schedule.ts';
import { taskPolicies } from '../../src/scheduling/task/index.ts';
import { notebook, type Told } from './hand-schedule.ts';

/** An inference that comes. */
export interface Arrival {
  readonly schedule: number;
  readonly tick: number;
}

/** What a fleet did. */
export interface Flight {
  readonly fleet: Fleet;
  readonly answers: readonly FleetAnswer[];
  readonly told: readonly Told[];
}

/** When a fleet is asked for answers: as inferences come, at ticks in between as well, or when all have come. */
export type Asking = 'as they come' | 'often' | 'at the end';

/** Plays inferences that come in order of time, to the end unless told so, and writes everything down. */
export function fly(
  schedules: readonly Schedule[],
  spec: ArchitectureSpec,
  arrivals: readonly Arrival[],
  {
    taskPolicy = taskPolicies.parts[0]!,
    asking = 'as they come' as Asking,
    until = Number.MAX_SAFE_INTEGER,
  } = {},
): Flight {
  const table = actionTable(inventory(spec));
  const sink = notebook(table);
  const fleet = new Fleet(schedules, spec, table, { taskPolicy, sink });
  const answers: FleetAnswer[] = [];
  const ask = (tick: number) => {
    for (;;) {
      const answer = fleet.nextAnswer(tick);
      if (answer === undefined) return;
      answers.push(answer);
    }
  };
  let before = 0;
  for (const { schedule, tick } of arrivals) {
    if (asking === 'often')
      for (let piece = 1; piece < 5; piece++) ask(before + Math.floor(((tick - before) * piece) / 5));
    if (asking !== 'at the end') ask(tick);
    fleet.release(schedule, tick);
    before = tick;
  }
  ask(until);
  return { fleet, answers, told: sink.told };
}

/** Cuts of networks side by side on one chip, each network on its share of the crossbars; undefined where they do not fit. */
export function cutsSideBySide(
  networks: readonly LoweredNetwork[],
  cuts: readonly (readonly boolean[])[],
  spec: ArchitectureSpec,
): readonly Schedule[] | undefined {
  const count = Math.floor(crossbarCount(spec) / networks.length);
  try {
    return networks.flatMap((lowered, network) => {
      const partitions = cuts.map((chosen, number) => ({
        name: `cut ${number}`,
        analog: lowered.candidates.map(({ layer }) => layer).filter((_, at) => chosen[at % chosen.length]),
      }));
      return residentCuts(lowered, partitions as never, spec, { first: network * count, count }).schedules;
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
