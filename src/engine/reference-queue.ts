import { PriorityQueue } from 'typescript-collections';
import type { EventQueue } from './event-queue.ts';

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/**
 * The event calendar as one would first write it: a priority queue of objects, ties by sequence number. What the
 * timing wheel must agree with, event for event; slow, and so never in a run.
 */
export class ReferenceQueue implements EventQueue {
  time = 0;
  kind = 0;
  a = 0;
  b = 0;
  #sequence = 0;
  // The library's queue gives the largest first: compare backwards.
  readonly #queue = new PriorityQueue<Event>((x, y) => y.time - x.time || y.sequence - x.sequence);

  get size(): number {
    return this.#queue.size();
  }

  push(time: number, kind: number, a: number, b: number): void {
    if (!(Number.isSafeInteger(time) && time >= this.time)) {
      throw new Error(`event at tick ${time}: not a whole tick from ${this.time} on`);
    }
    this.#queue.enqueue({ time, sequence: this.#sequence++, kind, a, b });
  }

  pop(): boolean {
    const event = this.#queue.dequeue();
    if (event === undefined) return false;
    ({ time: this.time, kind: this.kind, a: this.a, b: this.b } = event);
    return true;
  }
}
