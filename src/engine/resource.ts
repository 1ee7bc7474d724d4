import { WaitingLine } from './waiting-line.ts';

/**
 * Equal servers (one unless told otherwise) that work through requests in the order in which they come, each
 * for a time known in advance: a port, a link, a bank of converters. A request learns at once when its service
 * starts, on the server that is free first, so none needs an event of its own to be granted. Requests are
 * served in order of calls: one made later never overtakes, even for an earlier tick.
 */
export class FifoServer {
  readonly capacity: number;
  #freeAt = 0;
  #busy = 0;
  #waited = 0;
  #grants = 0;
  #longestWait = 0;
  #maxWaiting = 0;
  #latest = 0;
  /** With several servers: a heap of the ticks from which each is idle, the earliest first. */
  readonly #heap: Float64Array | undefined;
  /** Starts of the requests that wait; made when the first one does. */
  #line: WaitingLine | undefined;

  constructor(capacity = 1) {
    this.capacity = checkedCapacity(capacity);
    if (capacity > 1) this.#heap = new Float64Array(capacity);
  }

  /** Tick from which a server is idle. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** Ticks of work done or promised, over all servers. */
  get busy(): number {
    return this.#busy;
  }

  /** Ticks that requests waited or will, all together. */
  get waited(): number {
    return this.#waited;
  }

  /** Ticks that the request waited that had to wait longest. */
  get longestWait(): number {
    return this.#longestWait;
  }

  /** Most requests that waited at once (when ticks go back from call to call, at most so many). */
  get maxWaiting(): number {
    return this.#maxWaiting;
  }

  get grants(): number {
    return this.#grants;
  }

  /** Takes a request of `duration` ticks made at tick `now`; the tick at which its service starts. */
  reserve(duration: number, now: number): number {
    if (!(duration >= 0)) throw new RangeError(`cannot reserve a server for ${duration} ticks`);
    const start = Math.max(now, this.#freeAt);
    this.#freeAt =
      this.#heap === undefined ? start + duration : replaceEarliest(this.#heap, start + duration);
    this.#busy += duration;
    this.#grants += 1;
    if (now > this.#latest) this.#latest = now;
    if (start > now) this.#countWait(start, now);
    return start;
  }

  /** Ticks of work done up to `now`, over all servers: at most capacity × now. No request may be later. */
  busyUntil(now: number): number {
    if (!(now >= this.#latest)) {
      throw new RangeError(
        `work until tick ${now} is not known: a request was made for tick ${this.#latest}`,
      );
    }
    let ahead = 0;
    if (this.#heap === undefined) ahead = Math.max(0, this.#freeAt - now);
    else for (const freeAt of this.#heap) ahead += Math.max(0, freeAt - now);
    return this.#busy - ahead;
  }

  #countWait(start: number, now: number): void {
    const wait = start - now;
    this.#waited += wait;
    if (wait > this.#longestWait) this.#longestWait = wait;
    this.#line ??= new WaitingLine();
    const line = this.#line;
    while (line.length > 0 && line.since(0) <= this.#latest) line.leave(0);
    line.join(0, start);
    if (line.length > this.#maxWaiting) this.#maxWaiting = line.length;
  }
}

/** A number of servers; a RangeError unless it is a whole number from 1 to 2^24. */
export function checkedCapacity(capacity: number): number {
  if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 2 ** 24)) {
    throw new RangeError(`a resource cannot have ${capacity} servers: give a whole number from 1 to 2^24`);
  }
  return capacity;
}

/** Puts a new tick in place of a heap's earliest and returns the one that is now earliest. */
function replaceEarliest(heap: Float64Array, tick: number): number {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= tick) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = tick;
  return heap[0]!;
}
