import type { EventQueue } from './event-queue.ts';
import { TimingWheel } from './timing-wheel.ts';

/** What happens at an event of one kind; `a` and `b` are what it was scheduled with. */
export type Handler = (a: number, b: number) => void;

export interface RunOptions {
  /** Called every 65,536 events: to show progress, or to throw and end the run. */
  readonly onCheck?: () => void;
}

const CHECK_EVENTS = 65536;

/** The clock of a simulation: events at whole ticks, handled one after the other in one total order. */
export class Engine {
  readonly #queue: EventQueue;
  #processed = 0;

  constructor(queue: EventQueue = new TimingWheel()) {
    this.#queue = queue;
  }

  /** Tick of the event that is being handled. */
  get now(): number {
    return this.#queue.time;
  }

  /** Events handled so far. */
  get processed(): number {
    return this.#processed;
  }

  /** Schedules an event; throws when the tick is past or not whole. */
  at(time: number, kind: number, a: number, b: number): void {
    this.#queue.push(time, kind, a, b);
  }

  after(delay: number, kind: number, a: number, b: number): void {
    this.#queue.push(this.#queue.time + delay, kind, a, b);
  }

  /** Handles events, each by the handler of its kind, until none is left. */
  run(handlers: readonly Handler[], { onCheck }: RunOptions = {}): void {
    const queue = this.#queue;
    while (queue.pop()) {
      handlers[queue.kind]!(queue.a, queue.b);
      this.#processed += 1;
      if (onCheck !== undefined && this.#processed % CHECK_EVENTS === 0) onCheck();
    }
  }
}
