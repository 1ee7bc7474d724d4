import type { EventQueue } from './event-queue.ts';

const BITS = 12;
const SLOTS = 1 << BITS;
const WORDS = SLOTS >> 5;
/** 5 · 12 bits reach beyond 2^53, the last whole number that a double holds exactly. */
const LEVELS = 5;

/**
 * A hierarchical timing wheel: level 0 has a slot for each of the next 4,096 ticks, each further level slots
 * 4,096 times as wide; a slot's events move down when their time comes near. Push and pop take constant time,
 * whatever the spread of times; bitmaps skip empty slots. Lists keep arrival order, and a slot moves down before
 * anything can be pushed below it, so equal times leave first in, first out. 25 bytes per event held at the
 * peak, in arrays that double.
 */
export class TimingWheel implements EventQueue {
  time = 0;
  kind = 0;
  a = 0;
  b = 0;
  #size = 0;
  #times = new Float64Array(256);
  #next = new Int32Array(256);
  #a = new Int32Array(256);
  #b = new Int32Array(256);
  #kinds = new Uint8Array(256);
  #unused = 0;
  #free = -1;
  readonly #heads = new Int32Array(LEVELS * SLOTS).fill(-1);
  readonly #tails = new Int32Array(LEVELS * SLOTS);
  /** A bit per slot, and a bit per word of those. */
  readonly #filled = new Int32Array(LEVELS * WORDS);
  readonly #filledWords = new Int32Array(LEVELS * (WORDS >> 5));
  /** Number of the block of slots that each level shows: the top level's is 0 for all times. */
  readonly #blocks = new Float64Array(LEVELS);

  get size(): number {
    return this.#size;
  }

  push(time: number, kind: number, a: number, b: number): void {
    if (!(time >= this.time && time <= Number.MAX_SAFE_INTEGER && Math.floor(time) === time)) {
      throw new Error(`event at tick ${time}: not a whole tick from ${this.time} on`);
    }
    let node = this.#free;
    if (node >= 0) this.#free = this.#next[node]!;
    else {
      node = this.#unused++;
      if (node === this.#times.length) this.#grow();
    }
    this.#times[node] = time;
    this.#kinds[node] = kind;
    this.#a[node] = a;
    this.#b[node] = b;
    this.#size += 1;
    this.#insert(node, time);
  }

  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#firstSlot();
    const node = this.#heads[slot]!;
    const next = this.#next[node]!;
    this.#heads[slot] = next;
    if (next < 0) this.#clear(slot);
    this.time = this.#times[node]!;
    this.kind = this.#kinds[node]!;
    this.a = this.#a[node]!;
    this.b = this.#b[node]!;
    this.#next[node] = this.#free;
    this.#free = node;
    this.#size -= 1;
    return true;
  }

  // Into the lowest level whose present block contains the time; most times belong to the lowest two.
  #insert(node: number, time: number): void {
    const slot0 = Math.floor(time * 2 ** -BITS);
    let slot: number;
    if (slot0 === this.#blocks[0]) {
      slot = time - slot0 * SLOTS;
    } else {
      let level = 1;
      let within = slot0;
      let block = Math.floor(within * 2 ** -BITS);
      while (block !== this.#blocks[level]) {
        level += 1;
        within = block;
        block = Math.floor(within * 2 ** -BITS);
      }
      slot = level * SLOTS + within - block * SLOTS;
    }
    this.#next[node] = -1;
    if (this.#heads[slot]! < 0) {
      this.#heads[slot] = node;
      const word = slot >> 5;
      this.#filled[word] = this.#filled[word]! | (1 << (slot & 31));
      this.#filledWords[word >> 5] = this.#filledWords[word >> 5]! | (1 << (word & 31));
    } else {
      this.#next[this.#tails[slot]!] = node;
    }
    this.#tails[slot] = node;
  }

  // The first filled slot of level 0, after moving the next events down if that level is empty.
  #firstSlot(): number {
    for (;;) {
      const slot = this.#firstFilled(0);
      if (slot >= 0) return slot;
      let level = 1;
      let upper = this.#firstFilled(level);
      while (upper < 0) upper = this.#firstFilled(++level);
      this.#moveDown(level, upper);
    }
  }

  // Slots before the present one are empty: the first filled slot of a level is the next.
  #firstFilled(level: number): number {
    const start = level * (WORDS >> 5);
    for (let index = start; index < start + (WORDS >> 5); index++) {
      const words = this.#filledWords[index]!;
      if (words !== 0) {
        const word = (index << 5) + lowestBit(words);
        return (word << 5) + lowestBit(this.#filled[word]!);
      }
    }
    return -1;
  }

  #moveDown(level: number, slot: number): void {
    const within = slot - level * SLOTS;
    let block = this.#blocks[level]! * SLOTS + within;
    for (let below = level - 1; below >= 0; below--) {
      this.#blocks[below] = block;
      block *= SLOTS;
    }
    let node = this.#heads[slot]!;
    this.#heads[slot] = -1;
    this.#clear(slot);
    while (node >= 0) {
      const next = this.#next[node]!;
      this.#insert(node, this.#times[node]!);
      node = next;
    }
  }

  #clear(slot: number): void {
    const word = slot >> 5;
    const left = this.#filled[word]! & ~(1 << (slot & 31));
    this.#filled[word] = left;
    if (left === 0) this.#filledWords[word >> 5] = this.#filledWords[word >> 5]! & ~(1 << (word & 31));
  }

  #grow(): void {
    const length = 2 * this.#times.length;
    this.#times = grown(new Float64Array(length), this.#times);
    this.#next = grown(new Int32Array(length), this.#next);
    this.#a = grown(new Int32Array(length), this.#a);
    this.#b = grown(new Int32Array(length), this.#b);
    this.#kinds = grown(new Uint8Array(length), this.#kinds);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function grown<A extends { set(from: A): void }>(to: A, from: A): A {
  to.set(from);
  return to;
}
