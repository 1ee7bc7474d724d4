import { Fault } from '../base/fault.ts';
import type { Handler } from '../engine/engine.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import type { ActivitySink } from './activity.ts';
import { Assembly } from './assembly.ts';
import { RELEASED } from './events.ts';
import { mergeSchedules } from './merged-schedule.ts';
import { withinTime } from './player.ts';
import type { QUEUES } from './resources.ts';

/** How a fleet plays. */
export interface FleetOptions {
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
}

/** An answer in memory. */
export interface FleetAnswer {
  readonly schedule: number;
  readonly inference: number;
  readonly tick: number;
}

/**
 * Several schedules on one chip, whose inferences come one by one: cuts of a network that share its crossbars, and
 * networks side by side. All share digital cores, links, buffer ports and memory; each schedule has line buffers of its own
 * (assumption). Inferences of a schedule are answered in the order in which they came. Memory does not grow with the
 * inferences that were played.
 */
export class Fleet {
  readonly #chip: Assembly;
  /** By schedule: inferences asked for and released so far, and its stages without inputs, which begin them. */
  readonly #begun: Float64Array;
  readonly #released: Float64Array;
  readonly #doors: readonly (readonly number[])[];
  /** By schedule: place among all inferences of those in flight, by number modulo the ring's length. */
  readonly #ages: Float64Array[];
  readonly #answered: Float64Array;
  readonly #handlers: Handler[];
  #releases = 0;
  /** Answers that are stored at a tick that is still to come: the earliest first. */
  readonly #stored: FleetAnswer[] = [];

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
    const merged = mergeSchedules(schedules);
    this.#begun = new Float64Array(schedules.length);
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
    this.#handlers = [...this.#chip.handlers];
    this.#handlers[RELEASED] = (schedule) => this.#release(schedule);
  }

  /** The present, in ticks. */
  get now(): number {
    return this.#chip.engine.now;
  }

  /** Events played so far. */
  get events(): number {
    return this.#chip.engine.processed;
  }

  /** Tick of the next thing that happens; Infinity when nothing is in flight. */
  nextTime(): number {
    return Math.min(this.#chip.engine.nextTime(), this.#stored[0]?.tick ?? Number.POSITIVE_INFINITY);
  }

  /** One more inference of a schedule begins at a tick, which is not past: its number. */
  release(schedule: number, tick: number): number {
    this.#chip.engine.at(tick, RELEASED, schedule);
    return this.#begun[schedule]!++;
  }

  /** Plays on to the next answer, not beyond a tick: what answers; undefined when none is there by then. */
  nextAnswer(until: number): FleetAnswer | undefined {
    const { engine } = this.#chip;
    const handlers = this.#handlers;
    return withinTime(() => {
      for (;;) {
        const first = this.#stored[0];
        // An answer found later may be stored earlier: nothing may be left to play before this one.
        const limit = first === undefined ? until : Math.min(until, first.tick);
        if (engine.run(handlers, { until: limit }) === 'stopped') continue;
        if (first === undefined || first.tick > until) return undefined;
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

  #release(schedule: number): void {
    const inference = this.#released[schedule]!;
    if (inference - this.#answered[schedule]! >= this.#ages[schedule]!.length) this.#widen(schedule);
    const ages = this.#ages[schedule]!;
    ages[inference % ages.length] = this.#releases++;
    this.#released[schedule] = inference + 1;
    for (const stage of this.#doors[schedule]!) this.#chip.issue.stage(stage);
    this.#chip.issue.dispatch();
  }

  #store(schedule: number, inference: number, tick: number): void {
    let at = this.#stored.length;
    while (at > 0 && this.#stored[at - 1]!.tick > tick) at--;
    this.#stored.splice(at, 0, { schedule, inference, tick });
    this.#chip.engine.stop();
  }

  #widen(schedule: number): void {
    const before = this.#ages[schedule]!;
    const after = new Float64Array(2 * before.length);
    for (let inference = this.#answered[schedule]!; inference < this.#released[schedule]!; inference++)
      after[inference % after.length] = before[inference % before.length]!;
    this.#ages[schedule] = after;
  }
}
