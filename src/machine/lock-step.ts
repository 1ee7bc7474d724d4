import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { ticks } from './ticks.ts';

/** The lock step of a tile, as in ISAAC: MVMs and what surrounds them begin with a cycle. None where no cycle is given. */
export class LockStep {
  /** Ticks; 0: none. */
  readonly #step: number;

  constructor({ tile }: ArchitectureSpec) {
    this.#step = tile.cycle === undefined ? 0 : ticks(tile.cycle);
  }

  /** The cycle's next beginning, or the tick itself where there is none. */
  aligned(tick: number): number {
    return this.#step === 0 ? tick : Math.ceil(tick / this.#step) * this.#step;
  }

  /** Where there is a lock step, the first beginning after `now` that is not before `tick`; `tick` itself where there is none. */
  alignedAfter(now: number, tick: number): number {
    return this.#step === 0 ? tick : this.aligned(Math.max(tick, now + 1));
  }

  /** Writes what decides the future, relative to now. */
  state(now: number, into: number[]): void {
    if (this.#step > 0) into.push(now % this.#step);
  }
}
