import type { Schedule, Stage } from '../mapping/schedule.ts';
import type { Flow } from './flow.ts';

/**
 * Turns of the parts of a network that is larger than the chip: each part computes a batch of inferences, then the
 * crossbars are programmed for the next.
 */
export class Turns {
  readonly #stages: readonly Stage[];
  readonly #parts: number;
  readonly #batch: number;
  readonly #flow: Flow;
  #part = -1;
  /** Number of the batch, from 0. */
  #turn = 0;
  #programming = true;

  constructor(schedule: Pick<Schedule, 'stages' | 'parts'>, batch: number, flow: Flow) {
    this.#stages = schedule.stages;
    this.#parts = schedule.parts.length;
    this.#batch = batch;
    this.#flow = flow;
  }

  /** Whether a task's part or batch has not come yet. */
  waits(stage: Stage, task: number): boolean {
    const batch = Math.floor(task / stage.tasks / this.#batch);
    if (batch !== this.#turn) return batch > this.#turn;
    return stage.part > this.#part || (stage.part === this.#part && this.#programming);
  }

  /** Whether all that the present part has to compute of the batch is done. */
  isOver(inferences: number): boolean {
    if (this.#programming) return false;
    const end = Math.min(inferences, (this.#turn + 1) * this.#batch);
    if (this.#part === this.#parts - 1 && end === inferences) return false;
    return this.#stages.every(
      ({ index, part }) => part !== this.#part || this.#flow.progress[index]!.inferencesComplete >= end,
    );
  }

  /** Moves on to the next part, which is programmed from now on; its number. */
  next(): number {
    this.#part += 1;
    if (this.#part === this.#parts) {
      this.#part = 0;
      this.#turn += 1;
    }
    this.#programming = true;
    return this.#part;
  }

  /** The part is programmed. */
  begin(): void {
    this.#programming = false;
  }

  /** Writes what decides the future, relative to an inference. */
  state(inference: number, into: number[]): void {
    into.push(this.#part, this.#turn * this.#batch - inference, this.#programming ? 1 : 0);
  }
}
