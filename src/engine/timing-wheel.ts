import { calendarFull, defaultMaxPending, type EventQueue, eventRefusal } from './event-queue.ts';

/**
 * The event calendar of the simulator: a hierarchical timing wheel (Varghese and Lauck, SOSP 1987) over whole
 * ticks; the work per event does not grow with their number, whether they lie 1 or 10^9 ticks apart.
 *
 * A time is six digits of ten bits. An event lies on the level of the highest digit in which its time differs
 * from the wheel's base, in the slot of that digit. The lowest occupied slot of the lowest occupied level
 * holds the next event; bitmaps find it. A slot of the bottom level is one tick, first in first out. A slot
 * further up that holds a few events gives its earliest directly; a fuller one is dealt out to the levels
 * below and the base moves to its start. Equal times always share a slot, and dealing goes in order of
 * arrival into empty levels, so ties stay in the order in which they were scheduled.
 *
 * Memory: events lie in chunks of 15 (256 bytes), so n pending events take 17.1 n bytes, at most 512 bytes
 * more for each occupied slot (all 6,144: 3.1 MB), and at most twice the sum because the store doubles; it
 * never shrinks. More than `maxPending` pending events are a Fault. Nothing is allocated per event.
 */
export class TimingWheel implements EventQueue {
  size = 0;
  time = 0;
  kind = 0;
  a = 0;
  b = 0;

  // Numbers in place of named constants, and `private` in place of #names, are worth a factor of 1.7 here
  // (V8 of Node 20 folds neither). 10 and 1023: bits and mask of a digit. 2^30 = 1073741824 ticks: an epoch,
  // the lower three levels; times are cut there into an upper and a lower half. An event is a record of four
  // words: lower half, upper half << 8 | kind, a, b. 16 records are a chunk; its first record only holds, in
  // its first word, the number of the next chunk of the slot or of the free chain (0 ends that chain).
  private readonly maxPending: number;
  private store = new Int32Array(256 * 64);
  private freeChunk = 0;
  private unusedChunk = 1;
  /** Per slot (level · 1024 + digit): the record of its first event, and the record after its last or 0 if empty. */
  private readonly firsts = new Int32Array(6 * 1024);
  private readonly ends = new Int32Array(6 * 1024);
  /** One bit per slot, and per level one bit for each word of those. */
  private readonly occupied = new Int32Array(6 * 32);
  private readonly summaries = new Int32Array(6);
  private baseUpper = 0;
  private baseLower = 0;
  /** The base's upper half in ticks. */
  private epoch = 0;

  constructor(options: { readonly maxPending?: number } = {}) {
    this.maxPending = options.maxPending ?? defaultMaxPending;
  }

  /** Bytes of memory that the calendar takes. */
  get bytes(): number {
    return this.store.byteLength + this.firsts.byteLength + this.ends.byteLength + this.occupied.byteLength;
  }

  push(time: number, kind: number, a: number, b: number): void {
    if (!(time >= this.time) || (kind & 255) !== kind || (a | 0) !== a || (b | 0) !== b) {
      throw eventRefusal(this.time, time, kind, a, b);
    }
    if (this.size >= this.maxPending) throw calendarFull(this.maxPending);
    const distance = time - this.epoch;
    const lower = distance | 0;
    if (lower === distance && lower < 1073741824) {
      this.append(lowerSlot(lower, this.baseLower), lower, (this.baseUpper << 8) | kind, a, b);
    } else {
      const upper = (time / 1073741824) | 0;
      const rest = (time - upper * 1073741824) | 0;
      // Unequal for fractions and where the conversions above wrapped; 2^23 epochs are 2^53 ticks.
      if (upper * 1073741824 + rest !== time || upper >= 8388608) {
        throw eventRefusal(this.time, time, kind, a, b);
      }
      this.append(upperSlot(upper, this.baseUpper), rest, (upper << 8) | kind, a, b);
    }
    this.size++;
  }

  pop(limit = Infinity): boolean {
    if (this.size === 0) return false;
    for (;;) {
      let level = 0;
      let summary: number;
      while ((summary = this.summaries[level]!) === 0) level++;
      const word = level * 32 + lowestBit(summary);
      const slot = word * 32 + lowestBit(this.occupied[word]!);
      const first = this.firsts[slot]!;
      const end = this.ends[slot]!;
      if (level > 0 && !isShort(level, first, end)) {
        if (!this.deal(level, slot, limit)) return false;
        continue;
      }

      const store = this.store;
      let earliest = first;
      if (level > 0) {
        // All share the upper half (or there is only one): the lower decides, first come first.
        for (let record = first + 1; record < end; record++) {
          if (store[record * 4]! < store[earliest * 4]!) earliest = record;
        }
      }
      let at = earliest * 4;
      const upperAndKind = store[at + 1]!;
      const time = (upperAndKind >>> 8) * 1073741824 + store[at]!;
      if (!(time <= limit)) return this.stopAt(limit);
      this.time = time;
      this.kind = upperAndKind & 255;
      this.a = store[at + 2]!;
      this.b = store[at + 3]!;
      this.size--;
      // Those that came before the earliest move up by one record, so the slot stays in order of arrival.
      if (earliest !== first) for (at += 3; at >= first * 4 + 4; at--) store[at] = store[at - 4]!;
      this.leaveFirst(slot, first, end);
      return true;
    }
  }

  nextTime(): number {
    if (this.size === 0) return Infinity;
    let level = 0;
    let summary: number;
    while ((summary = this.summaries[level]!) === 0) level++;
    const word = level * 32 + lowestBit(summary);
    const slot = word * 32 + lowestBit(this.occupied[word]!);
    let earliest = Infinity;
    this.eachOf(slot, (time) => {
      if (time < earliest) earliest = time;
    });
    return earliest;
  }

  eachPending(visit: (time: number, kind: number, a: number, b: number) => void): void {
    // Equal times share a slot, in order of arrival: a stable sort by time is the order of play.
    const events: [number, number, number, number][] = [];
    for (let slot = 0; slot < this.ends.length; slot++) {
      this.eachOf(slot, (time, kind, a, b) => events.push([time, kind, a, b]));
    }
    events.sort((x, y) => x[0] - y[0]);
    for (const event of events) visit(...event);
  }

  /** Visits the events of a slot in order of arrival. */
  private eachOf(slot: number, visit: (time: number, kind: number, a: number, b: number) => void): void {
    const end = this.ends[slot]!;
    if (end === 0) return;
    let record = this.firsts[slot]!;
    while (record !== end) {
      const at = record * 4;
      const upperAndKind = this.store[at + 1]!;
      const time = (upperAndKind >>> 8) * 1073741824 + this.store[at]!;
      visit(time, upperAndKind & 255, this.store[at + 2]!, this.store[at + 3]!);
      const chunk = record >>> 4;
      record++;
      if (record !== end && (record & 15) === 0) record = this.store[chunk * 64]! * 16 + 1;
    }
  }

  /** Deals a slot's events out to the levels below; false when the slot begins beyond the limit. */
  private deal(level: number, slot: number, limit: number): boolean {
    const digit = slot & 1023;
    let upper = this.baseUpper;
    let lower = 0;
    if (level < 3) lower = withDigit(this.baseLower, level, digit);
    else upper = withDigit(upper, level - 3, digit);
    if (!(upper * 1073741824 + lower <= limit)) return this.stopAt(limit);
    this.baseUpper = upper;
    this.baseLower = lower;
    this.epoch = upper * 1073741824;

    let record = this.firsts[slot]!;
    const end = this.ends[slot]!;
    this.vacate(slot);
    for (;;) {
      // Read anew each time: appending may have replaced the store by a larger one.
      const store = this.store;
      const at = record * 4;
      const eventLower = store[at]!;
      const upperAndKind = store[at + 1]!;
      let target: number;
      if (level === 1) target = eventLower & 1023;
      else if (upperAndKind >>> 8 === upper) target = lowerSlot(eventLower, lower);
      else target = upperSlot(upperAndKind >>> 8, upper);
      this.append(target, eventLower, upperAndKind, store[at + 2]!, store[at + 3]!);
      const chunk = record >>> 4;
      record++;
      if (record === end) {
        this.giveBack(chunk);
        return true;
      }
      if ((record & 15) === 0) {
        record = this.store[chunk * 64]! * 16 + 1;
        this.giveBack(chunk);
      }
    }
  }

  /** Writes an event behind the others of its slot. */
  private append(slot: number, lower: number, upperAndKind: number, a: number, b: number): void {
    let end = this.ends[slot]!;
    // An empty slot (end 0) and a full last chunk both need a chunk.
    if ((end & 15) === 0) {
      const chunk = this.takeChunk();
      if (end === 0) {
        this.firsts[slot] = chunk * 16 + 1;
        this.occupied[slot >>> 5]! |= 1 << slot;
        this.summaries[slot >>> 10]! |= 1 << (slot >>> 5);
      } else {
        this.store[(end - 16) * 4] = chunk;
      }
      end = chunk * 16 + 1;
    }
    const store = this.store;
    const at = end * 4;
    store[at] = lower;
    store[at + 1] = upperAndKind;
    store[at + 2] = a;
    store[at + 3] = b;
    this.ends[slot] = end + 1;
  }

  private leaveFirst(slot: number, first: number, end: number): void {
    const next = first + 1;
    const chunk = first >>> 4;
    if (next === end) {
      this.vacate(slot);
      this.giveBack(chunk);
    } else if ((next & 15) === 0) {
      this.firsts[slot] = this.store[chunk * 64]! * 16 + 1;
      this.giveBack(chunk);
    } else {
      this.firsts[slot] = next;
    }
  }

  private vacate(slot: number): void {
    this.ends[slot] = 0;
    if ((this.occupied[slot >>> 5]! &= ~(1 << slot)) === 0) {
      this.summaries[slot >>> 10]! &= ~(1 << (slot >>> 5));
    }
  }

  private takeChunk(): number {
    const chunk = this.freeChunk;
    if (chunk !== 0) {
      this.freeChunk = this.store[chunk * 64]!;
      return chunk;
    }
    if (this.unusedChunk * 64 === this.store.length) {
      const larger = new Int32Array(this.store.length * 2);
      larger.set(this.store);
      this.store = larger;
    }
    return this.unusedChunk++;
  }

  private giveBack(chunk: number): void {
    this.store[chunk * 64] = this.freeChunk;
    this.freeChunk = chunk;
  }

  private stopAt(limit: number): false {
    if (limit > this.time) this.time = limit;
    return false;
  }
}

/** Whether the earliest of a slot's events is found by looking at all of them: at most 6, side by side, of one epoch. */
function isShort(level: number, first: number, end: number): boolean {
  const last = end - 1;
  return first === last || (level < 3 && last - first < 6 && first >>> 4 === last >>> 4);
}

/** Slot of an event of the base's epoch. */
function lowerSlot(lower: number, baseLower: number): number {
  const level = topDigit(lower ^ baseLower);
  return (level << 10) | ((lower >>> (level * 10)) & 1023);
}

/** Slot of an event of a later epoch. */
function upperSlot(upper: number, baseUpper: number): number {
  const digit = topDigit(upper ^ baseUpper);
  return ((digit + 3) << 10) | ((upper >>> (digit * 10)) & 1023);
}

/** Index of the highest ten-bit digit that is not zero (0 for 0): · 205 / 2^11 divides 0 … 31 by ten. */
function topDigit(bits: number): number {
  return ((31 - Math.clz32(bits | 1)) * 205) >> 11;
}

/** The number with one of its ten-bit digits replaced and all lower ones cleared. */
function withDigit(bits: number, index: number, digit: number): number {
  const shift = index * 10;
  return ((((bits >>> shift) >>> 10) << 10) | digit) << shift;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
