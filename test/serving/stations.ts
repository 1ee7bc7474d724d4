import { DueTimes } from '../../src/serving/due-times.ts';

/**
 * Stations with equal servers, each served first come, first served. A job comes to a station, keeps one of its servers
 * for some ticks (`work`) and is on its way again some ticks (`gap`) after it got it: as long as its work in a plain
 * queue, less in a pipeline whose next stage begins before this one ends.
 */
export class Stations {
  /** Ticks from which each server of each station is free. */
  readonly #freeAt: readonly Float64Array[];
  readonly #work: Float64Array;
  readonly #moves = new DueTimes();

  constructor(servers: readonly number[]) {
    this.#freeAt = servers.map((count) => new Float64Array(count));
    this.#work = new Float64Array(servers.length);
  }

  /** Tick at which the next job moves on; Infinity when none is on its way. */
  get nextMove(): number {
    return this.#moves.tick;
  }

  /** The job that moves on then. */
  get nextJob(): number {
    return this.#moves.id;
  }

  /** A job comes to a station now (calls in order of time): when its work begins. It moves on `gap` ticks after that. */
  visit(job: number, station: number, work: number, gap: number, now: number): number {
    const freeAt = this.#freeAt[station]!;
    let server = 0;
    for (let other = 1; other < freeAt.length; other++) if (freeAt[other]! < freeAt[server]!) server = other;
    const start = Math.max(now, freeAt[server]!);
    freeAt[server] = start + work;
    this.#work[station] = this.#work[station]! + work;
    this.#moves.add(start + gap, job);
    return start;
  }

  /** A job moves on after some ticks without a station. */
  pass(job: number, ticks: number, now: number): void {
    this.#moves.add(now + ticks, job);
  }

  /** The next job has moved on. */
  removeNext(): void {
    this.#moves.removeEarliest();
  }

  /** Ticks that a job which comes now would wait. */
  backlog(station: number, now: number): number {
    let free = Number.POSITIVE_INFINITY;
    for (const tick of this.#freeAt[station]!) free = Math.min(free, tick);
    return Math.max(0, free - now);
  }

  /** Busy ticks of all servers of a station up to a tick that no call precedes. */
  busy(station: number, until: number): number {
    let ahead = 0;
    for (const tick of this.#freeAt[station]!) ahead += Math.max(0, tick - until);
    return this.#work[station]! - ahead;
  }
}
