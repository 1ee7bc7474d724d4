import { fillUniforms, type RandomSequence } from './philox.ts';

/**
 * A sequence of random numbers taken one after the other: the same for the same seed, stream and row, whatever else
 * is drawn elsewhere.
 */
export class RandomStream {
  readonly #sequence: RandomSequence;
  readonly #ahead = new Float64Array(256);
  #spare: number | undefined;
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

  /** Standard normal, by the polar method (Marsaglia and Bray, SIAM Review 6, 1964). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** Gamma with a shape and scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000): mean and variance are the shape. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * Math.exp(-this.exponential() / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = this.uniform();
      // Their squeeze: implies the exact test below and spares most of its logarithms.
      if (u < 1 - 0.0331 * x * x * x * x) return d * v;
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }
}
