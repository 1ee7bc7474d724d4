/** What is kept of each query from its arrival to its answer, by slot: arrays that grow by doubling, slots used again. */
export class Queries {
  /** Number of the query, from 0 in order of arrival. */
  number = new Float64Array(INITIAL);
  model = new Int32Array(INITIAL);
  /** Ticks; Infinity where none is due. */
  arrival = new Float64Array(INITIAL);
  due = new Float64Array(INITIAL);
  quality = new Float64Array(INITIAL);
  cut = new Int32Array(INITIAL);
  device = new Int32Array(INITIAL);
  /** Queries that started together with it. */
  batch = new Int32Array(INITIAL);
  /** Cut with which it is computed once more, or −1. */
  again = new Int32Array(INITIAL);
  /** Client of a closed load, or −1. */
  client = new Int32Array(INITIAL);
  readonly #free: number[] = [];
  #used = 0;

  /** Queries kept now. */
  get kept(): number {
    return this.#used - this.#free.length;
  }

  add(): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot === this.number.length) this.#grow();
    this.again[slot] = -1;
    return slot;
  }

  remove(slot: number): void {
    this.#free.push(slot);
  }

  /** Slots of the queries kept now, ascending. */
  keptSlots(): readonly number[] {
    const free = new Set(this.#free);
    return Array.from({ length: this.#used }, (_, slot) => slot).filter((slot) => !free.has(slot));
  }

  #grow(): void {
    for (const key of ['number', 'arrival', 'due', 'quality'] as const) {
      const larger = new Float64Array(2 * this[key].length);
      larger.set(this[key]);
      this[key] = larger;
    }
    for (const key of ['model', 'cut', 'device', 'batch', 'again', 'client'] as const) {
      const larger = new Int32Array(2 * this[key].length);
      larger.set(this[key]);
      this[key] = larger;
    }
  }
}

const INITIAL = 64;
