/**
 * A few pending times, the earliest first, equal ones in the order in which they were put in: a binary heap on typed
 * arrays that grows by doubling. `peek` is what the event calendars cannot tell: when the next one is due.
 */
export class DueTimes {
  #ticks = new Float64Array(16);
  #orders = new Float64Array(16);
  #ids = new Int32Array(16);
  #size = 0;
  #count = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest tick; Infinity when nothing is pending. */
  get tick(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#ticks[0]!;
  }

  /** What was put in with the earliest tick. */
  get id(): number {
    return this.#ids[0]!;
  }

  add(tick: number, id: number): void {
    if (this.#size === this.#ticks.length) this.#grow();
    let at = this.#size++;
    const order = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#ticks[parent]! <= tick) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, tick, order, id);
  }

  removeEarliest(): void {
    const last = --this.#size;
    const tick = this.#ticks[last]!;
    const order = this.#orders[last]!;
    const id = this.#ids[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#precedes(child + 1, this.#ticks[child]!, this.#orders[child]!)) child++;
      if (!this.#precedes(child, tick, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, tick, order, id);
  }

  #precedes(at: number, tick: number, order: number): boolean {
    const own = this.#ticks[at]!;
    return own < tick || (own === tick && this.#orders[at]! < order);
  }

  #move(from: number, to: number): void {
    this.#ticks[to] = this.#ticks[from]!;
    this.#orders[to] = this.#orders[from]!;
    this.#ids[to] = this.#ids[from]!;
  }

  #put(at: number, tick: number, order: number, id: number): void {
    this.#ticks[at] = tick;
    this.#orders[at] = order;
    this.#ids[at] = id;
  }

  #grow(): void {
    const ticks = new Float64Array(2 * this.#size);
    ticks.set(this.#ticks);
    const orders = new Float64Array(2 * this.#size);
    orders.set(this.#orders);
    const ids = new Int32Array(2 * this.#size);
    ids.set(this.#ids);
    [this.#ticks, this.#orders, this.#ids] = [ticks, orders, ids];
  }
}
