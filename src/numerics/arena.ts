/**
 * Addresses in a memory that does not exist yet: everything asks for its bytes first, then the sum is checked
 * and allocated once. Two threads that ask in the same order get the same addresses.
 */
export class Arena {
  #used: number;

  constructor(start = 0) {
    this.#used = start;
  }

  /** Address of the next `bytes` bytes, aligned to a cache line. */
  take(bytes: number): number {
    const address = this.#used;
    // A product of int16 vectors with an odd number of rows reads one code past its end.
    this.#used += Math.ceil((bytes + 16) / LINE) * LINE;
    return address;
  }

  /** Bytes asked for so far. */
  get used(): number {
    return this.#used;
  }
}

const LINE = 64;
