import type { EventQueue } from './event-queue.ts';
import { TimingWheel } from './timing-wheel.ts';

/** What happens at an event of one kind: called with the event's two payload numbers, at `engine.now`. */
export type Handler = (a: number, b: number) => void;

/** Why a run ended: nothing is pending, the time or the number of events ran out, or a handler called `stop`. */
export type RunEnd = 'drained' | 'until' | 'maxEvents' | 'stopped';

export interface RunOptions {
  /** Last tick to play; events at it still happen. Default: no bound. */
  readonly until?: number;
  /** Most events to play in this run. Default: no bound. */
  readonly maxEvents?: number;
  /** Called every `checkEvery` events: to show progress, or to throw and end the run between two events. */
  readonly onCheck?: () => void;
  /** Default: 65536. */
  readonly checkEvery?: number;
}

/**
 * A discrete-event simulation: the clock, in whole ticks (1 tick = 1 ps), and the loop that plays the pending
 * events in order of time, ties in the order in which they were scheduled. An event is a kind and two 32-bit
 * payload numbers; its handler is found by its kind.
 */
export class Engine {
  readonly #calendar: EventQueue;
  #processed = 0;
  #running = false;
  #stopping = false;

  constructor(calendar: EventQueue = new TimingWheel()) {
    this.#calendar = calendar;
  }

  /** The present, in ticks. */
  get now(): number {
    return this.#calendar.time;
  }

  /** Events played so far, over all runs. */
  get processed(): number {
    return this.#processed;
  }

  /** Events scheduled and not yet played. */
  get pending(): number {
    return this.#calendar.size;
  }

  /** Schedules an event at a time; a RangeError when that is in the past or not a whole number of ticks. */
  at(time: number, kind: number, a = 0, b = 0): void {
    this.#calendar.push(time, kind, a, b);
  }

  /** Schedules an event so many ticks from now; 0 puts it behind all that is already scheduled for now. */
  after(delay: number, kind: number, a = 0, b = 0): void {
    this.#calendar.push(this.#calendar.time + delay, kind, a, b);
  }

  /** Tick of the next pending event; Infinity when nothing is pending. */
  nextTime(): number {
    return this.#calendar.nextTime();
  }

  /** Visits the pending events in the order in which they will be played. */
  eachPending(visit: (time: number, kind: number, a: number, b: number) => void): void {
    this.#calendar.eachPending(visit);
  }

  /** Ends the present run after the event being played; what is pending stays pending. */
  stop(): void {
    this.#stopping = this.#running;
  }

  /**
   * Plays events until nothing is pending or a bound is met, and says which. The clock then stands at the last
   * event played; at `until` if later events remain. A handler that throws ends the run: its event counts as
   * played, all others stay pending and a further run goes on with them.
   */
  run(handlers: readonly (Handler | undefined)[], options: RunOptions = {}): RunEnd {
    const { until = Infinity, maxEvents = Infinity, onCheck, checkEvery = 65536 } = options;
    if (until !== Infinity && !Number.isSafeInteger(until)) {
      throw new RangeError(`cannot run until ${until} ticks: a time is a whole number up to 2^53 - 1`);
    }
    if (!(maxEvents >= 0)) throw new RangeError(`cannot run for ${maxEvents} events`);
    if (!(Number.isSafeInteger(checkEvery) && checkEvery > 0)) {
      throw new RangeError(`cannot check every ${checkEvery} events`);
    }
    if (this.#running) throw new Error('the engine is running already: an event handler cannot run it');

    const calendar = this.#calendar;
    let untilCheck = checkEvery;
    this.#running = true;
    this.#stopping = false;
    try {
      for (let played = 0; played < maxEvents; played++) {
        if (!calendar.pop(until)) return calendar.size === 0 ? 'drained' : 'until';
        this.#processed++;
        const handler = handlers[calendar.kind];
        if (handler === undefined) throw new Error(`no handler for events of kind ${calendar.kind}`);
        handler(calendar.a, calendar.b);
        if (this.#stopping) return 'stopped';
        if (--untilCheck === 0) {
          untilCheck = checkEvery;
          onCheck?.();
        }
      }
      return calendar.size === 0 ? 'drained' : 'maxEvents';
    } finally {
      this.#running = false;
    }
  }
}
