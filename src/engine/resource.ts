/**
 * One server that works through requests in the order in which they come, each for a time known in advance: a
 * port, a link, a converter bank. Nothing is queued: when it is free next is all there is to know.
 */
export class FifoServer {
  #freeAt = 0;
  #busy = 0;
  #waited = 0;
  #grants = 0;

  /** Tick from which it is idle. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** Ticks of work done or promised. */
  get busy(): number {
    return this.#busy;
  }

  /** Ticks that requests waited, all together. */
  get waited(): number {
    return this.#waited;
  }

  get grants(): number {
    return this.#grants;
  }

  /** Takes a request of `duration` ticks made at tick `now`; the tick at which its service starts. */
  reserve(duration: number, now: number): number {
    const start = Math.max(now, this.#freeAt);
    this.#freeAt = start + duration;
    this.#busy += duration;
    this.#waited += start - now;
    this.#grants += 1;
    return start;
  }
}
