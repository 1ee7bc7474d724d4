import type { InferenceStream } from './inference-stream.ts';
import type { Issue } from './issue.ts';
import type { SteadyState } from './steady-state.ts';

/** Writes what decides the future of a part of the chip, relative to an inference and to a tick. */
export type WriteState = (inference: number, now: number, into: number[]) => void;

/** Passes over as many inferences as repeat the last ones, when the chip is as it was a few inferences ago. */
export class FastForward {
  readonly #steady: SteadyState;
  readonly #stream: InferenceStream;
  readonly #issue: Issue;
  readonly #parts: readonly WriteState[];

  /** `parts` write, together, everything that decides the future. */
  constructor(steady: SteadyState, stream: InferenceStream, issue: Issue, parts: readonly WriteState[]) {
    this.#steady = steady;
    this.#stream = stream;
    this.#issue = issue;
    this.#parts = parts;
  }

  /** Looks whether the chip, with so many inferences done, is as it was before. */
  look(done: number, now: number): void {
    if (this.#steady.found) return;
    // Nothing may have felt the end of the stream before.
    const left = this.#stream.played - this.#issue.inferencesBegun;
    if (left < 1) return;
    const state: number[] = [];
    for (const write of this.#parts) write(done, now, state);
    this.#stream.passOver(this.#steady.visit(done, now, state, left));
  }
}
