import { Fault } from '../base/fault.ts';
import type { Handler, RunEnd } from '../engine/engine.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import type { ActivitySink } from './activity.ts';
import { Assembly } from './assembly.ts';
import { RELEASED } from './events.ts';
import { mergeSchedules } from './merged-schedule.ts';
import { withinTime } from './player.ts';
import { checkSharedCrossbars } from './shared-crossbars.ts';

/** How a fleet plays. */
export interface FleetOptions {
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
  /** Whether the caller keeps schedules with different layers on the same crossbars from being in flight together. */
  readonly inTurns?: boolean;
}

/** An answer in memory. */
export interface FleetAnswer {
  readonly schedule: number;
  readonly inference: number;
  readonly tick: number;
}

/**
 * Several schedules on one chip, whose inferences come one by one: cuts of a network that share its crossbars, and
 * networks side by side. All share digital cores, links, buffer ports, converters and memory, and a copy of a layer serves
 * one MVM at a time, whichever schedule it is of. Each schedule has line buffers of its own and streams for itself what
 * weights its cores do not hold (assumptions). Its inferences are answered in the order in which they came. What was
 * answered never changes by what comes later, and how the play is cut into calls changes nothing. Memory does not grow with
 * the inferences that were played. Faults: a schedule that takes turns; crossbars shared by different layers, unless `inTurns`.
 */
export class Fleet {
  readonly #chip: Assembly;
  readonly #handlers: readonly Handler[];
  /** By schedule: its stages, and those of them without inputs, which begin an inference. */
  readonly #stages: readonly (readonly number[])[];
  readonly #doors: readonly (readonly number[])[];
  /** By schedule: inferences so far. */
  readonly #released: Float64Array;
  /** By schedule: place among all inferences of those on the chip, by number modulo the ring's length. */
  readonly #ages: Float64Array[];
  /** By schedule: inferences below it are not on the chip any more. */
  readonly #oldest: Float64Array;
  #releases = 0;
  /** Answers that are stored at a tick that is still to come: the earliest first. */
  readonly #stored: FleetAnswer[] = [];

  constructor(
    schedules: readonly Schedule[],
    spec: ArchitectureSpec,
    table: ActionTable,
    { taskPolicy, sink, inTurns = false }: FleetOptions,
  ) {
    const turns = schedules.find(({ parts }) => parts.length > 0);
    if (turns !== undefined) {
      throw new Fault(`schedule ${turns.partition.name} takes turns on the crossbars`, {
        cure: 'serve it on a chip that holds it whole',
      });
    }
    const merged = mergeSchedules(schedules);
    if (!inTurns) checkSharedCrossbars(merged);
    const { stages, scheduleOf } = merged;
    const numbers = stages.map(({ index }) => index);
    this.#stages = schedules.map((_, schedule) => numbers.filter((stage) => scheduleOf[stage] === schedule));
    this.#doors = this.#stages.map((own) => own.filter((stage) => stages[stage]!.sources.length === 0));
    this.#released = new Float64Array(schedules.length);
    this.#ages = schedules.map(() => new Float64Array(RING));
    this.#oldest = new Float64Array(schedules.length);
    this.#chip = new Assembly(merged, spec, table, {
      ...{ taskPolicy, sink, parts: [] },
      played: (stage) => this.#released[scheduleOf[stage]!]!,
      ageOf: (stage, inference) => {
        const ages = this.#ages[scheduleOf[stage]!]!;
        return ages[inference % ages.length]!;
      },
      onAnswer: (inference, schedule, tick) => this.#store(schedule, inference, tick),
    });
    const handlers = [...this.#chip.handlers];
    handlers[RELEASED] = (schedule) => this.#begin(schedule);
    this.#handlers = handlers;
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

  /**
   * One more inference of a schedule begins at a tick, which is not past, after all that happens at that tick without it: its
   * number.
   */
  release(schedule: number, tick: number): number {
    while (this.#play(tick) === 'stopped');
    // Nothing else is left to play at this tick.
    this.#chip.engine.at(tick, RELEASED, schedule);
    this.#play(tick, 1);
    return this.#released[schedule]! - 1;
  }

  /** Plays on to the next answer, not beyond a tick: what answers; undefined when none is there by then. */
  nextAnswer(until: number): FleetAnswer | undefined {
    for (;;) {
      const first = this.#stored[0];
      // An answer found later may be stored earlier: one without bytes waits for no port.
      if (this.#play(first === undefined ? until : Math.min(until, first.tick)) === 'stopped') continue;
      if (first === undefined || first.tick > until) return undefined;
      return this.#stored.shift();
    }
  }

  /** Ticks up to `until`, that nothing played lies beyond, in which a digital core computed: the mean of all. */
  digitalBusy(until: number): number {
    const cores = this.#chip.resources.digitalCores;
    let busy = 0;
    for (let core = 0; core < cores.count; core++) busy += cores.busyUntil(core, until);
    return cores.count === 0 ? 0 : busy / cores.count;
  }

  /** Ticks up to `until`, that nothing played lies beyond, in which each of some of its parts worked. */
  busy(parts: 'digitalCores' | 'bufferPorts' | 'links' | 'memoryPort', until: number): readonly number[] {
    const lines = this.#chip.resources[parts];
    return Array.from({ length: lines.count }, (_, line) => lines.busyUntil(line, until));
  }

  /**
   * Crossbar-ticks up to `until`, that nothing played lies beyond, in which MVMs kept the crossbars of some schedules busy, for
   * all that use them; waiting for converters that others use is left out.
   */
  crossbarTicks(schedules: readonly number[], until: number): number {
    const { analogCores } = this.#chip;
    const leaders = new Set(
      schedules.flatMap((schedule) => this.#stages[schedule]!.map((stage) => analogCores.leader(stage))),
    );
    return [...leaders].reduce((sum, stage) => sum + analogCores.busyTicks(stage, until), 0);
  }

  #play(until: number, maxEvents = Number.POSITIVE_INFINITY): RunEnd {
    return withinTime(() => this.#chip.engine.run(this.#handlers, { until, maxEvents }));
  }

  #begin(schedule: number): void {
    const inference = this.#released[schedule]!;
    const ages = this.#ageRing(schedule, inference);
    ages[inference % ages.length] = this.#releases++;
    this.#released[schedule] = inference + 1;
    const { issue } = this.#chip;
    for (const stage of this.#doors[schedule]!) issue.stage(stage);
    issue.dispatch();
  }

  #store(schedule: number, inference: number, tick: number): void {
    let at = this.#stored.length;
    while (at > 0 && this.#stored[at - 1]!.tick > tick) at--;
    this.#stored.splice(at, 0, { schedule, inference, tick });
    this.#chip.engine.stop();
  }

  /** The ages of a schedule's inferences, with room for one more. */
  #ageRing(schedule: number, inference: number): Float64Array {
    const ages = this.#ages[schedule]!;
    if (inference - this.#oldest[schedule]! < ages.length) return ages;
    // Work that no answer needs may end after the answer.
    const { progress } = this.#chip.flow;
    let oldest = inference;
    for (const stage of this.#stages[schedule]!)
      oldest = Math.min(oldest, progress[stage]!.inferencesComplete);
    this.#oldest[schedule] = oldest;
    if (inference - oldest < ages.length) return ages;
    const wider = new Float64Array(2 * ages.length);
    for (let other = oldest; other < inference; other++)
      wider[other % wider.length] = ages[other % ages.length]!;
    this.#ages[schedule] = wider;
    return wider;
  }
}

/** Inferences of a schedule for which there is room from the start. */
const RING = 64;
