import type { Answers } from './answers.ts';
import type { Flow } from './flow.ts';
import type { Issue } from './issue.ts';
import type { MergedSchedule } from './merged-schedule.ts';
import type { Programming } from './programming.ts';

/** What goes on once the output of a task is in its buffer: those who read it, the answer, the next part of the network. */
export class Completion {
  readonly #merged: MergedSchedule;
  readonly #played: (stage: number) => number;
  readonly #flow: Flow;
  readonly #issue: Issue;
  readonly #answers: Answers;
  readonly #programming: Programming | undefined;
  /** Stages that read each stage's output. */
  readonly #consumers: readonly (readonly number[])[];

  constructor(
    merged: MergedSchedule,
    played: (stage: number) => number,
    flow: Flow,
    issue: Issue,
    answers: Answers,
    programming: Programming | undefined,
  ) {
    this.#merged = merged;
    this.#played = played;
    this.#flow = flow;
    this.#issue = issue;
    this.#answers = answers;
    this.#programming = programming;
    const { stages } = merged;
    this.#consumers = stages.map(({ index }) =>
      stages
        .filter((stage) => stage.sources.some((source) => source.stage === index))
        .map((stage) => stage.index),
    );
  }

  /** The output of a task is written. */
  written(task: number, index: number): void {
    const progress = this.#flow.progress[index]!;
    const before = progress.inferencesComplete;
    if (!progress.complete(task)) return;
    for (const consumer of this.#consumers[index]!) this.#issue.stage(consumer);
    if (this.#isDropped(index)) {
      this.#flow.discard(this.#merged.stages[index]!, progress.positionsComplete);
      this.#issue.stage(index);
    }
    if (progress.inferencesComplete > before) this.#inferencesWritten(index, before);
    this.#issue.dispatch();
  }

  /** An answer of a schedule is at the memory. */
  answered(schedule: number): void {
    this.#programming?.goOn(this.#played(this.#merged.outputs[schedule]!.stage));
  }

  /** Whether what a stage makes leaves its buffer at once: nobody reads it, or only another part of the network, from memory. */
  #isDropped(index: number): boolean {
    const schedule = this.#merged.scheduleOf[index]!;
    return index !== this.#merged.outputs[schedule]!.stage && this.#flow.isUnread(index);
  }

  /** A stage has come to the end of an inference, or of several: tasks end out of order on several cores. */
  #inferencesWritten(index: number, before: number): void {
    const { inferencesComplete } = this.#flow.progress[index]!;
    const schedule = this.#merged.scheduleOf[index]!;
    if (index === this.#merged.outputs[schedule]!.stage) {
      for (let done = before; done < inferencesComplete; done++) this.#answers.read(done, schedule);
    }
    this.#programming?.goOn(this.#played(index));
  }
}
