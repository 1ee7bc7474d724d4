import { Fault } from '../base/fault.ts';

/** What a policy sees of a line of waiting requests: position 0 has waited longest. */
export interface WaitingView {
  readonly length: number;
  /** The request at a position. */
  id(position: number): number;
  /** The tick at which it joined. */
  since(position: number): number;
}

/**
 * A line of waiting requests in order of arrival, each a 32-bit whole number and the tick at which it joined.
 * A ring buffer of 12 bytes a request that doubles when full (at most `maxLength`, then a Fault).
 */
export class WaitingLine implements WaitingView {
  readonly #maxLength: number;
  // Power-of-two sizes, so positions wrap with a mask.
  #ids = new Int32Array(16);
  #since = new Float64Array(16);
  #first = 0;
  #length = 0;

  constructor(maxLength: number = 2 ** 24) {
    this.#maxLength = maxLength;
  }

  get length(): number {
    return this.#length;
  }

  id(position: number): number {
    return this.#ids[this.#index(position)]!;
  }

  since(position: number): number {
    return this.#since[this.#index(position)]!;
  }

  join(id: number, now: number): void {
    if (this.#length === this.#ids.length) this.#grow();
    const index = (this.#first + this.#length) & (this.#ids.length - 1);
    this.#ids[index] = id;
    this.#since[index] = now;
    this.#length++;
  }

  /** Removes the request at a position; the others keep their order. */
  leave(position: number): void {
    const ids = this.#ids;
    const since = this.#since;
    const mask = ids.length - 1;
    let index = this.#index(position);
    const fromFront = position < this.#length >> 1;
    const step = fromFront ? -1 : 1;
    // The shorter side closes the gap.
    for (let moves = fromFront ? position : this.#length - 1 - position; moves > 0; moves--) {
      const neighbour = (index + step) & mask;
      ids[index] = ids[neighbour]!;
      since[index] = since[neighbour]!;
      index = neighbour;
    }
    if (fromFront) this.#first = (this.#first + 1) & mask;
    this.#length--;
  }

  #index(position: number): number {
    if (!(position >= 0 && position < this.#length && Number.isInteger(position))) {
      throw new RangeError(`no request waits at position ${position}: ${this.#length} are waiting`);
    }
    return (this.#first + position) & (this.#ids.length - 1);
  }

  #grow(): void {
    const capacity = this.#ids.length;
    if (capacity * 2 > this.#maxLength) {
      throw new Fault(`more than ${this.#length} requests wait in one line`, {
        cure: 'offer less load or simulate a shorter time: work arrives faster than it is done',
      });
    }
    const ids = new Int32Array(capacity * 2);
    const since = new Float64Array(capacity * 2);
    for (let position = 0; position < capacity; position++) {
      const index = (this.#first + position) & (capacity - 1);
      ids[position] = this.#ids[index]!;
      since[position] = this.#since[index]!;
    }
    this.#ids = ids;
    this.#since = since;
    this.#first = 0;
  }
}
