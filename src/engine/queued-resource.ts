import { checkedCapacity } from './resource.ts';
import { WaitingLine, type WaitingView } from './waiting-line.ts';

/** Position, in a line of waiting requests, of the one to serve next; -1 serves none for now. */
export type Choice = (waiting: WaitingView) => number;

/**
 * Equal servers whose holders keep them until they release them, and the line of requests that wait. Who is
 * served next is a choice made when a server is free: the longest waiting, or whatever a policy picks. Requests
 * are 32-bit numbers of the caller's; nothing is allocated for them. Ticks must not go back.
 */
export class QueuedResource {
  readonly capacity: number;
  readonly #line = new WaitingLine();
  readonly #onGrant: ((id: number, since: number, now: number) => void) | undefined;
  #inUse = 0;
  #requests = 0;
  #grants = 0;
  #maxWaiting = 0;
  #longestWait = 0;
  #longestWaiter = -1;
  // Integrals over time up to #last, of servers in use and of requests waiting.
  #busy = 0;
  #waited = 0;
  #last = 0;

  /** `onGrant` hears of every grant: who waited, from when to when. */
  constructor(capacity: number, onGrant?: (id: number, since: number, now: number) => void) {
    this.capacity = checkedCapacity(capacity);
    this.#onGrant = onGrant;
  }

  /** Servers that nobody holds. */
  get free(): number {
    return this.capacity - this.#inUse;
  }

  /** Who waits now, longest first. */
  get waiting(): WaitingView {
    return this.#line;
  }

  /** Requests made; those granted and those still waiting are all of them. */
  get requests(): number {
    return this.#requests;
  }

  get grants(): number {
    return this.#grants;
  }

  /** Most requests that waited at once. */
  get maxWaiting(): number {
    return this.#maxWaiting;
  }

  /** Ticks that the longest wait of a granted request took, and whose it was (-1: nobody waited). */
  get longestWait(): { readonly ticks: number; readonly id: number } {
    return { ticks: this.#longestWait, id: this.#longestWaiter };
  }

  /** Ticks that servers were held up to `now`, over all servers: at most capacity × now. */
  busyUntil(now: number): number {
    this.#pass(now);
    return this.#busy;
  }

  /** Ticks that requests waited up to `now`, all together, those still waiting included. */
  waitedUntil(now: number): number {
    this.#pass(now);
    return this.#waited;
  }

  /** Takes a server at once if one is free and nobody waits, else joins the line; whether it was granted. */
  acquire(id: number, now: number): boolean {
    this.#pass(now);
    if (this.free === 0 || this.#line.length > 0) {
      this.enqueue(id, now);
      return false;
    }
    checkId(id);
    this.#requests++;
    this.#grant(id, now, now);
    return true;
  }

  /** Joins the line, even when a server is free: `takeNext` decides. */
  enqueue(id: number, now: number): void {
    this.#pass(now);
    checkId(id);
    this.#line.join(id, now);
    this.#requests++;
    if (this.#line.length > this.#maxWaiting) this.#maxWaiting = this.#line.length;
  }

  /**
   * Gives a free server to a waiting request, the one at the position that `choose` returns (default: the
   * longest waiting), and returns it; -1 when no server is free, nobody waits or the choice is none.
   */
  takeNext(now: number, choose?: Choice): number {
    this.#pass(now);
    const line = this.#line;
    if (this.free === 0 || line.length === 0) return -1;
    const position = choose === undefined ? 0 : choose(line);
    if (position === -1) return -1;
    const id = line.id(position);
    const since = line.since(position);
    line.leave(position);
    this.#grant(id, since, now);
    return id;
  }

  /** Gives a server back. */
  release(now: number): void {
    this.#pass(now);
    if (this.#inUse === 0) throw new Error('released a server that nobody holds');
    this.#inUse--;
  }

  #grant(id: number, since: number, now: number): void {
    this.#inUse++;
    this.#grants++;
    if (now - since > this.#longestWait) {
      this.#longestWait = now - since;
      this.#longestWaiter = id;
    }
    this.#onGrant?.(id, since, now);
  }

  #pass(now: number): void {
    const passed = now - this.#last;
    if (!(passed >= 0)) throw new RangeError(`tick ${now} lies before tick ${this.#last}`);
    this.#busy += this.#inUse * passed;
    this.#waited += this.#line.length * passed;
    this.#last = now;
  }
}

function checkId(id: number): void {
  if (!((id | 0) === id && id >= 0)) {
    throw new RangeError(`request ${id} is not a whole number from 0 to 2^31 - 1`);
  }
}
