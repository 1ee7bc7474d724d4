import { Occupancy } from './occupancy.ts';

/**
 * Queries of one model in line, the smallest order first, of equal orders the one that came first: a binary heap. Knows
 * the time that queries have spent in it, for Little's law.
 */
export class QueryLine {
  #orders = new Float64Array(64);
  #counts = new Float64Array(64);
  #slots = new Int32Array(64);
  /** Ticks at which those in line joined. */
  #since = new Float64Array(64);
  #length = 0;
  #joined = 0;
  #left = 0;
  readonly #occupancy = new Occupancy();
  most = 0;

  get length(): number {
    return this.#length;
  }

  /** Queries that have joined so far. */
  get joined(): number {
    return this.#joined;
  }

  /** The slot of the query to serve next. */
  get head(): number {
    return this.#slots[0]!;
  }

  /** Query ticks spent in line up to now: the integral of its length. */
  waitedUntil(now: number): number {
    return this.#occupancy.integral(now);
  }

  /** The same, as the sum of what those who left had waited and those in line have. */
  waits(now: number): number {
    let waits = this.#occupancy.stays;
    for (let at = 0; at < this.#length; at++) waits += now - this.#since[at]!;
    return waits;
  }

  /** Mean ticks that those who left had waited; 0 of none. */
  get meanWait(): number {
    return this.#left === 0 ? 0 : this.#occupancy.stays / this.#left;
  }

  join(slot: number, order: number, now: number): void {
    this.#occupancy.enter(now);
    if (this.#length === this.#slots.length) this.#grow();
    let at = this.#length++;
    this.most = Math.max(this.most, this.#length);
    const count = this.#joined++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#orders[parent]! <= order) break;
      this.#put(at, this.#orders[parent]!, this.#counts[parent]!, this.#slots[parent]!, this.#since[parent]!);
      at = parent;
    }
    this.#put(at, order, count, slot, now);
  }

  leave(now: number): number {
    const head = this.#slots[0]!;
    this.#occupancy.leave(this.#since[0]!, now);
    this.#left += 1;
    const last = --this.#length;
    const order = this.#orders[last]!;
    const count = this.#counts[last]!;
    const slot = this.#slots[last]!;
    const since = this.#since[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#precedes(child + 1, this.#orders[child]!, this.#counts[child]!)) child++;
      if (!this.#precedes(child, order, count)) break;
      this.#put(at, this.#orders[child]!, this.#counts[child]!, this.#slots[child]!, this.#since[child]!);
      at = child;
    }
    this.#put(at, order, count, slot, since);
    return head;
  }

  #precedes(at: number, order: number, count: number): boolean {
    const own = this.#orders[at]!;
    return own < order || (own === order && this.#counts[at]! < count);
  }

  #put(at: number, order: number, count: number, slot: number, since: number): void {
    this.#orders[at] = order;
    this.#counts[at] = count;
    this.#slots[at] = slot;
    this.#since[at] = since;
  }

  #grow(): void {
    const orders = new Float64Array(2 * this.#length);
    orders.set(this.#orders);
    const counts = new Float64Array(2 * this.#length);
    counts.set(this.#counts);
    const slots = new Int32Array(2 * this.#length);
    slots.set(this.#slots);
    const since = new Float64Array(2 * this.#length);
    since.set(this.#since);
    [this.#orders, this.#counts, this.#slots, this.#since] = [orders, counts, slots, since];
  }
}
