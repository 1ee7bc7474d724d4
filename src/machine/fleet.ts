import { Fault } from '../base/fault.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import type { ActivitySink } from './activity.ts';
import { Assembly } from './assembly.ts';
import { mergeSchedules, type MergedSchedule } from './merged-schedule.ts';
import { withinTime } from './player.ts';
import type { QUEUES } from './resources.ts';

/** How a fleet plays. */
export interface FleetOptions {
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
}

/**
 * Several schedules on one chip, whose inferences come one by one: cuts of a network that share its crossbars, and
 * networks side by side. All share digital cores, links, buffer ports and memory; each schedule has line buffers of its own
 * (assumption). Inferences of a schedule are answered in the order in which they came. Memory does not grow with the
 * inferences that were played.
 */
export class Fleet {
  readonly #merged: MergedSchedule;
  readonly #chip: Assembly;
  /** By schedule: inferences released so far, and its stages without inputs, which begin them. */
  readonly #released: Float64Array;
  readonly #doors: readonly (readonly number[])[];
  /** By schedule: place among all inferences of those in flight, by number modulo the ring's length. */
  readonly #ages: Float64Array[];
  readonly #answered: Float64Array;
  #releases = 0;
  /** Answers that are stored at a tick that is still to come: the earliest first. */
  readonly #stored: { readonly schedule: number; readonly inference: number; readonly tick: number }[] = [];

  constructor(
    schedules: readonly Schedule[],
    spec: ArchitectureSpec,
    table: ActionTable,
    { taskPolicy, sink }: FleetOptions,
  ) {
    const turns = schedules.find(({ parts }) => parts.length > 0);
    if (turns !== undefined) {
      throw new Fault(`schedule ${turns.partition.name} takes turns on the crossbars`, {
        cure: 'serve it on a chip that holds it whole',
      });
    }
    const merged = (this.#merged = mergeSchedules(schedules));
    this.#released = new Float64Array(schedules.length);
    this.#answered = new Float64Array(schedules.length);
    this.#ages = schedules.map(() => new Float64Array(64));
    this.#doors = schedules.map((_, schedule) =>
      merged.stages
        .filter(({ index, sources }) => merged.scheduleOf[index] === schedule && sources.length === 0)
        .map(({ index }) => index),
    );
    this.#chip = new Assembly(merged, spec, table, {
      ...{ taskPolicy, sink, parts: [] },
      played: (stage) => this.#released[merged.scheduleOf[stage]!]!,
      ageOf: (stage, inference) => {
        const ages = this.#ages[merged.scheduleOf[stage]!]!;
        return ages[inference % ages.length]!;
      },
      onAnswer: (inference, schedule, tick) => this.#store(schedule, inference, tick),
    });
  }

  /** The present, in ticks. */
  get now(): number {
    return this.#chip.engine.now;
  }

  /** Events played so far. */
  get events(): number {
    return this.#chip.engine.processed;
  }

  /** Inferences that were released and are not answered. */
  get inFlight(): number {
    let sum = 0;
    this.#released.forEach((released, schedule) => (sum += released - this.#answered[schedule]!));
    return sum;
  }

  /** One more inference of a schedule begins now: its number. */
  release(schedule: number): number {
    const inference = this.#released[schedule]!;
    if (inference - this.#answered[schedule]! >= this.#ages[schedule]!.length) this.#widen(schedule);
    const ages = this.#ages[schedule]!;
    ages[inference % ages.length] = this.#releases++;
    this.#released[schedule] = inference + 1;
    for (const stage of this.#doors[schedule]!) this.#chip.issue.stage(stage);
    this.#chip.issue.dispatch();
    return inference;
  }

  /** Plays on to the next answer, not beyond a tick: its schedule, inference and tick; undefined when none is there by then. */
  nextAnswer(
    until: number,
  ): { readonly schedule: number; readonly inference: number; readonly tick: number } | undefined {
    const { engine, handlers } = this.#chip;
    return withinTime(() => {
      for (;;) {
        const first = this.#stored[0];
        // Nothing that is played later is stored earlier: the memory serves in order.
        const limit = first === undefined ? until : Math.min(until, first.tick);
        const end = engine.run(handlers, { until: limit, maxEvents: 1 });
        if (end === 'maxEvents' && engine.now < limit) continue;
        if (end === 'maxEvents') continue;
        if (first === undefined || first.tick > until) return undefined;
        if (this.#stored[0] !== first) continue;
        this.#stored.shift();
        this.#answered[first.schedule] = this.#answered[first.schedule]! + 1;
        return first;
      }
    });
  }

  /** Busy ticks of a kind of resource up to a tick that all that was played lies before, over all its servers; and their number. */
  occupancy(resource: (typeof QUEUES)[number]): { readonly busy: number; readonly servers: number } {
    const lines = this.#chip.resources[resource];
    let busy = 0;
    for (let line = 0; line < lines.count; line++) busy += lines.busy(line);
    return { busy, servers: lines.count };
  }

  /** Stages of all schedules, numbered through. */
  get stages(): MergedSchedule['stages'] {
    return this.#merged.stages;
  }

  get scheduleOf(): Int32Array {
    return this.#merged.scheduleOf;
  }

  #store(schedule: number, inference: number, tick: number): void {
    let at = this.#stored.length;
    while (at > 0 && this.#stored[at - 1]!.tick > tick) at--;
    this.#stored.splice(at, 0, { schedule, inference, tick });
  }

  #widen(schedule: number): void {
    const before = this.#ages[schedule]!;
    const after = new Float64Array(2 * before.length);
    for (let inference = this.#answered[schedule]!; inference < this.#released[schedule]!; inference++)
      after[inference % after.length] = before[inference % before.length]!;
    this.#ages[schedule] = after;
  }
}
