import { PriorityQueue } from 'typescript-collections';
import { calendarFull, defaultMaxPending, type EventQueue, eventRefusal } from './event-queue.ts';

/**
 * The event calendar at its plainest: a binary heap of event objects, ordered by time and then by a sequence
 * number. It is what the timing wheel is tested against, and too slow to simulate with.
 */
export class ReferenceQueue implements EventQueue {
  readonly #maxPending: number;
  // A priority queue serves the largest element: the largest is the earliest event.
  readonly #pending = new PriorityQueue<Event>((x, y) => y.time - x.time || y.sequence - x.sequence);
  #sequence = 0;
  #present = 0;
  #last: Event = { time: 0, sequence: 0, kind: 0, a: 0, b: 0 };

  constructor(options: { readonly maxPending?: number } = {}) {
    this.#maxPending = options.maxPending ?? defaultMaxPending;
  }

  get size(): number {
    return this.#pending.size();
  }

  get time(): number {
    return this.#present;
  }

  get kind(): number {
    return this.#last.kind;
  }

  get a(): number {
    return this.#last.a;
  }

  get b(): number {
    return this.#last.b;
  }

  push(time: number, kind: number, a: number, b: number): void {
    const refusal = eventRefusal(this.#present, time, kind, a, b);
    if (refusal !== undefined) throw refusal;
    if (this.size >= this.#maxPending) throw calendarFull(this.#maxPending);
    this.#pending.enqueue({ time, sequence: this.#sequence++, kind, a, b });
  }

  nextTime(): number {
    return this.#pending.peek()?.time ?? Infinity;
  }

  eachPending(visit: (time: number, kind: number, a: number, b: number) => void): void {
    const events: Event[] = [];
    this.#pending.forEach((event) => {
      events.push(event);
    });
    events.sort((x, y) => x.time - y.time || x.sequence - y.sequence);
    for (const { time, kind, a, b } of events) visit(time, kind, a, b);
  }

  pop(limit = Infinity): boolean {
    const first = this.#pending.peek();
    if (first === undefined) return false;
    if (!(first.time <= limit)) {
      if (limit > this.#present) this.#present = limit;
      return false;
    }
    this.#pending.dequeue();
    this.#last = first;
    this.#present = first.time;
    return true;
  }
}

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}
