import type { AdcSteps } from './adc.ts';

/**
 * Collects the intervals of a conversion in ascending order; neighbours of one code become one. What lies beyond the
 * range is left out: a converter's input saturates at its limits, u = −1 and 1.
 */
export class StepList {
  readonly #thresholds: number[] = [];
  readonly #codes: number[] = [];

  /** The next interval: its code and where it ends (Infinity for the last). Empty ones are left out. */
  add(code: number, end: number): void {
    const last = this.#thresholds.at(-1) ?? -Infinity;
    if (end <= last || end < -1 || last >= 1) return;
    if (this.#codes.at(-1) === code) this.#thresholds.pop();
    else this.#codes.push(code);
    this.#thresholds.push(end);
  }

  steps(): AdcSteps {
    return {
      thresholds: Float64Array.from(this.#thresholds.slice(0, -1)),
      codes: Int32Array.from(this.#codes),
    };
  }
}
