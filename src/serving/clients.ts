import type { ClosedLoad } from '../load/load.ts';
import { TICKS_PER_SECOND } from '../machine/ticks.ts';
import { DueTimes } from './due-times.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/**
 * The clients of a closed load: who thinks until when, and who waits for how many answers. One whose query is dropped comes back
 * no sooner than an answer would have taken: clients that think for no time would ask again at the same tick, for ever.
 */
export class Clients {
  readonly #load: ClosedLoad;
  readonly #thinking = new DueTimes();
  readonly #awaited: Int32Array;
  readonly #askedAt: Float64Array;
  /** Ticks before which a client whose query was dropped does not come back. */
  readonly #notBefore: Float64Array;
  /** Ticks from when a client sends its queries to when the last of them is answered or dropped. */
  readonly rounds = new LatencyHistogram();

  constructor(load: ClosedLoad) {
    this.#load = load;
    this.#awaited = new Int32Array(load.clients);
    this.#askedAt = new Float64Array(load.clients);
    this.#notBefore = new Float64Array(load.clients);
    for (let client = 0; client < load.clients; client++) this.#think(client, 0);
  }

  /** Tick at which the next client has thought. */
  get next(): number {
    return this.#thinking.tick;
  }

  /** Queries that a client sends at once. */
  get together(): number {
    return this.#load.together ?? 1;
  }

  /** The client that asks now: it waits for its answers. */
  ask(): number {
    const client = this.#thinking.id;
    this.#askedAt[client] = this.#thinking.tick;
    this.#thinking.removeEarliest();
    this.#awaited[client] = this.together;
    return client;
  }

  /** A query of a client is answered. */
  answered(client: number, now: number): void {
    this.#gone(client, now);
  }

  /** A query of a client was dropped, whose answer would have taken so many ticks at least. */
  dropped(client: number, now: number, patience: number): void {
    const back = now + Math.max(1, patience);
    this.#notBefore[client] = Math.max(this.#notBefore[client]!, back);
    this.#gone(client, now);
  }

  #gone(client: number, now: number): void {
    const left = this.#awaited[client]! - 1;
    this.#awaited[client] = left;
    if (left > 0) return;
    this.rounds.add(now - this.#askedAt[client]!);
    this.#think(client, now);
  }

  #think(client: number, now: number): void {
    const thought = now + Math.round(this.#load.think() * TICKS_PER_SECOND);
    this.#thinking.add(Math.max(thought, this.#notBefore[client]!), client);
  }
}
