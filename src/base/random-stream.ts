import { fillUniforms, type RandomSequence } from './philox.ts';

/**
 * A sequence of random numbers taken one after the other: the same for the same seed, stream and row, whatever else
 * is drawn elsewhere.
 */
export class RandomStream {
  readonly #sequence: RandomSequence;
  readonly #ahead = new Float64Array(256);
  #first = 0;
  #used = this.#ahead.length;

  constructor(seed: number, stream: number, row = 0) {
    this.#sequence = { seed, stream, row, block: 0, read: 0 };
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    if (this.#used === this.#ahead.length) {
      fillUniforms(this.#ahead, this.#sequence, this.#first);
      this.#first += this.#ahead.length;
      this.#used = 0;
    }
    return this.#ahead[this.#used++]!;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }
}
