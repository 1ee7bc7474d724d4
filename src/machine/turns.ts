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
  /** Stage that makes the answers. */
  readonly #output: number;
  #part = -1;
  /** Number of the batch, from 0. */
  #turn = 0;
  #programming = true;
  /** While it is programmed: weights are what is waited for, not yet word lines. */
  #reading = true;
  /** Stage whose programming ends last. */
  #slowest = 0;

  constructor(schedule: Pick<Schedule, 'stages' | 'parts' | 'output'>, batch: number, flow: Flow) {
    this.#stages = schedule.stages;
    this.#output = schedule.output;
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

  /** Whether a task that waits does so for weights from memory. */
  waitsForWeights({ part }: Stage): boolean {
    return part === this.#part && this.#programming && this.#reading;
  }

  /** Stage that a task which waits does so for: the one programmed last, while its part is programmed; else its own. */
  holder({ index, part }: Stage): number {
    return part === this.#part && this.#programming ? this.#slowest : index;
  }

  /** Whether all that the present part has to compute of the batch is done, and so many answers, those of the batch too, at the memory. */
  isOver(inferences: number, answered: number): boolean {
    if (this.#programming) return false;
    const end = Math.min(inferences, (this.#turn + 1) * this.#batch);
    if (this.#part === this.#parts - 1 && end === inferences) return false;
    return this.#stages.every(
      ({ index, part }) =>
        part !== this.#part ||
        (this.#flow.progress[index]!.inferencesComplete >= end &&
          (index !== this.#output || answered >= end)),
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
    this.#reading = true;
    return this.#part;
  }

  /** A stage of the present part is programmed last. */
  programmedLast(stage: number): void {
    this.#slowest = stage;
  }

  /** Word lines are what is waited for from now on. */
  write(): void {
    this.#reading = false;
  }

  /** The part is programmed. */
  begin(): void {
    this.#programming = false;
  }

  /** Writes what decides the future, relative to an inference. */
  state(inference: number, into: number[]): void {
    into.push(
      this.#part,
      this.#turn * this.#batch - inference,
      this.#programming ? 1 : 0,
      this.#reading ? 1 : 0,
      this.#slowest,
    );
  }
}
