/** Hears of every wait: on which line, who waited, who held it meanwhile, for how many ticks. */
export type WaitListener = (line: number, waiter: number, holder: number, ticks: number) => void;

/**
 * Many servers of one kind, a line before each: ports, links, converter banks, cores. Each works through its requests in
 * the order of the calls, each for a time known in advance; a request learns at once when its service starts, so none
 * needs an event of its own to be granted, and one made later never overtakes, even for an earlier tick. What a request
 * waits is charged to those whose service it waited for, tick by tick (beyond the last eight of a line, to the eighth).
 */
export class FifoLines {
  readonly count: number;
  readonly #listener: WaitListener | undefined;
  readonly #freeAt: Float64Array;
  readonly #busy: Float64Array;
  /** Per line a ring of its latest requests: when each ends, and whose it is. */
  readonly #ends: Float64Array;
  readonly #holders: Int32Array;
  readonly #latest: Uint8Array;

  constructor(count: number, listener?: WaitListener) {
    this.count = count;
    this.#listener = listener;
    this.#freeAt = new Float64Array(count);
    this.#busy = new Float64Array(count);
    this.#latest = new Uint8Array(count);
    this.#ends = new Float64Array(listener === undefined ? 0 : count * MEMORY);
    this.#holders = new Int32Array(this.#ends.length).fill(NOBODY);
  }

  /** Takes a request of `duration` ticks made at tick `now`; the tick at which its service starts. */
  reserve(line: number, duration: number, now: number, holder: number): number {
    const freeAt = this.#freeAt[line]!;
    const start = freeAt > now ? freeAt : now;
    this.#freeAt[line] = start + duration;
    this.#busy[line]! += duration;
    if (this.#listener === undefined) return start;
    if (start > now) this.#charge(line, now, start, holder);
    const latest = (this.#latest[line]! + 1) & (MEMORY - 1);
    this.#latest[line] = latest;
    this.#ends[line * MEMORY + latest] = start + duration;
    this.#holders[line * MEMORY + latest] = holder;
    return start;
  }

  /** Tick from which a line is idle. */
  freeAt(line: number): number {
    return this.#freeAt[line]!;
  }

  /** Ticks of work done or promised on a line. */
  busy(line: number): number {
    return this.#busy[line]!;
  }

  /** Ticks of work on a line up to a tick which no request lies beyond: what is promised for later does not count. */
  busyUntil(line: number, tick: number): number {
    return this.#busy[line]! - Math.max(0, this.#freeAt[line]! - tick);
  }

  /** Writes what decides the future, relative to `now`. */
  state(now: number, into: number[]): void {
    for (let line = 0; line < this.count; line++) {
      if (this.#freeAt[line]! <= now) continue;
      into.push(line, this.#freeAt[line]! - now);
      if (this.#listener === undefined) continue;
      // Whom those to come will have waited for: the latest requests, back to the first that is done.
      let at = this.#latest[line]!;
      for (let turn = 0; turn < MEMORY && this.#ends[line * MEMORY + at]! > now; turn++) {
        into.push(this.#ends[line * MEMORY + at]! - now, this.#holders[line * MEMORY + at]!);
        at = (at + MEMORY - 1) & (MEMORY - 1);
      }
      into.push(0);
    }
    into.push(-1);
  }

  #charge(line: number, now: number, start: number, waiter: number): void {
    let until = start;
    let at = this.#latest[line]!;
    for (let turn = 0; turn < MEMORY && until > now; turn++) {
      const before = (at + MEMORY - 1) & (MEMORY - 1);
      const last = turn === MEMORY - 1;
      const from = last ? now : Math.max(now, Math.min(until, this.#ends[line * MEMORY + before]!));
      if (until > from) this.#listener!(line, waiter, this.#holders[line * MEMORY + at]!, until - from);
      until = from;
      at = before;
    }
  }
}

/** Requests of a line that are remembered, a power of two. */
const MEMORY = 8;
const NOBODY = -1;
