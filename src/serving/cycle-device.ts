import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { Fleet } from '../machine/fleet.ts';
import { crossbarsIn } from '../mapping/crossbars-in.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import type { Device } from './device.ts';
import { EnergySum } from './energy-sum.ts';
import type { ModelProfile } from './profile.ts';
import { ProfileDevice } from './profile-device.ts';

/** A chip to be played cycle by cycle: the schedules of every cut of every model on it. Plain data. */
export interface CycleChip {
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
  /** [model][cut]. */
  readonly schedules: readonly (readonly Schedule[])[];
}

/**
 * A device on which every MVM of every query is played, contention and all. What is in flight is estimated by the profiles,
 * which see the same queries enter and leave.
 */
export class CycleDevice implements Device {
  readonly #fleet: Fleet;
  /** By model: its first schedule; by schedule: its model. */
  readonly #first: readonly number[];
  readonly #modelOf: readonly number[];
  readonly #energy: EnergySum;
  readonly #shadow: ProfileDevice;
  /** By model: that hold layers of it. */
  readonly #crossbars: readonly number[];
  /** By schedule: queries in flight, in order of entry, which is that of the answers. */
  readonly #queries: number[][];
  answeredAt = 0;

  constructor(
    { spec, table, schedules }: CycleChip,
    taskPolicy: TaskPolicy,
    profiles: readonly ModelProfile[],
    stations: number,
  ) {
    this.#energy = new EnergySum(table);
    // Replicas whose crossbars are to hold something else finish first.
    this.#fleet = new Fleet(schedules.flat(), spec, table, { taskPolicy, sink: this.#energy, inTurns: true });
    let next = 0;
    this.#first = schedules.map(({ length }) => (next += length) - length);
    this.#modelOf = schedules.flatMap((own, model) => own.map(() => model));
    this.#queries = schedules.flat().map(() => []);
    this.#shadow = new ProfileDevice(profiles, stations);
    this.#crossbars = schedules.map(crossbarsIn);
  }

  get nextTime(): number {
    return this.#fleet.nextTime();
  }

  get energy(): number {
    return this.#energy.total;
  }

  enter(query: number, model: number, cut: number, now: number): void {
    const schedule = this.#first[model]! + cut;
    this.#fleet.release(schedule, now);
    this.#queries[schedule]!.push(query);
    this.#shadow.enter(query, model, cut, now);
  }

  nextAnswer(until: number): number {
    const answer = this.#fleet.nextAnswer(until);
    if (answer === undefined) return -1;
    const { schedule, tick } = answer;
    this.answeredAt = tick;
    const model = this.#modelOf[schedule]!;
    this.#shadow.answered(model, schedule - this.#first[model]!, tick);
    return this.#queries[schedule]!.shift()!;
  }

  estimate(model: number, cut: number, now: number): number {
    return this.#shadow.estimate(model, cut, now);
  }

  busy(station: number, until: number): number {
    const digital = this.#first.length;
    if (station === digital) return this.#fleet.digitalBusy(until);
    if (station > digital) return this.#shadow.busy(station, until);
    const first = this.#first[station]!;
    const last = this.#first[station + 1] ?? this.#queries.length;
    const cuts = Array.from({ length: last - first }, (_, cut) => first + cut);
    const crossbars = this.#crossbars[station]!;
    return crossbars === 0 ? 0 : this.#fleet.crossbarTicks(cuts, until) / crossbars;
  }
}
