import type { FifoLines } from '../engine/fifo-lines.ts';

/**
 * What each digital core has been given: it fetches one task while it computes another. When a task that is being fetched will
 * begin and end is what was expected as it was given.
 */
export class CoreAgenda {
  readonly #cores: FifoLines;
  readonly #fetching: Uint8Array;
  readonly #begins: Float64Array;
  readonly #ends: Float64Array;
  #canFetch: number;

  constructor(cores: FifoLines) {
    this.#cores = cores;
    this.#fetching = new Uint8Array(cores.count);
    this.#begins = new Float64Array(cores.count);
    this.#ends = new Float64Array(cores.count);
    this.#canFetch = cores.count;
  }

  get count(): number {
    return this.#cores.count;
  }

  /** Cores that can fetch a task. */
  get canFetch(): number {
    return this.#canFetch;
  }

  /** Whether a core fetches a task, and so no other. */
  isFetching(core: number): boolean {
    return this.#fetching[core] === 1;
  }

  /** A core fetches a task from now on: its inputs are to be there at a tick, its work takes so many. */
  give(core: number, there: number, hold: number): void {
    this.#fetching[core] = 1;
    this.#canFetch -= 1;
    this.#begins[core] = Math.max(there, this.#cores.freeAt(core));
    this.#ends[core] = this.#begins[core]! + hold;
  }

  /** A core has begun with the task that it had fetched. */
  begun(core: number): void {
    this.#fetching[core] = 0;
    this.#canFetch += 1;
  }

  /** Tick from which a core that fetches can fetch another task. */
  fetchesFrom(core: number): number {
    return this.#begins[core]!;
  }

  /** Tick from which a core is done with all that it has been given. */
  idleFrom(core: number): number {
    const free = this.#cores.freeAt(core);
    return this.#fetching[core] === 1 ? Math.max(free, this.#ends[core]!) : free;
  }

  /** Writes what decides the future, relative to a tick. */
  state(now: number, into: number[]): void {
    this.#fetching.forEach((fetches, core) => {
      if (fetches === 0) return;
      into.push(core, Math.max(0, this.#begins[core]! - now), Math.max(0, this.#ends[core]! - now));
    });
    into.push(-1);
  }
}
