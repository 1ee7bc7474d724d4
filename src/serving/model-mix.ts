import type { RandomStream } from '../base/random-stream.ts';

/** Draws which model a query asks for, with given shares. */
export class ModelMix {
  readonly #cumulative: readonly number[];
  readonly #random: RandomStream;

  /** Shares ≥ 0, normalised to add up to 1. */
  constructor(shares: readonly number[], random: RandomStream) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    let sum = 0;
    this.#cumulative = shares.map((share) => (sum += share / total));
    this.#random = random;
  }

  next(): number {
    if (this.#cumulative.length === 1) return 0;
    const drawn = this.#random.uniform();
    const model = this.#cumulative.findIndex((limit) => drawn < limit);
    return model < 0 ? this.#cumulative.length - 1 : model;
  }
}
