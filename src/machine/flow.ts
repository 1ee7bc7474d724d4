import type { Source, Stage } from '../mapping/schedule.ts';
import type { MergedSchedule } from './merged-schedule.ts';
import { StageProgress } from './progress.ts';

/** A reader of a stage's output. */
interface Reader {
  readonly consumer: number;
  readonly source: Source;
  /** Positions that it does not need any more, counted through all inferences. */
  released: number;
}

/**
 * What has been produced, fetched and forgotten: whether a task finds its inputs, and room for its output. Tasks are
 * numbered through all inferences (inference · tasks + task), positions likewise.
 */
export class Flow {
  readonly #stages: readonly Stage[];
  /** Per stage: it makes answers. */
  readonly #answers: readonly boolean[];
  /** Written tasks of each stage. */
  readonly progress: readonly StageProgress[];
  /** Tasks of each stage whose inputs are fetched. */
  readonly #fetched: readonly StageProgress[];
  readonly #readers: readonly (readonly Reader[])[];
  /** By consumer and source. */
  readonly #edges: readonly (readonly Reader[])[];
  /** Positions of each stage that all readers have released. */
  readonly #freed: Float64Array;
  /** Positions that have left, of the stage that makes the answer and of those that nobody reads. */
  readonly #left: Float64Array;

  constructor({ stages, outputs }: MergedSchedule) {
    this.#stages = stages;
    this.#answers = stages.map(({ index }) => outputs.some(({ stage }) => stage === index));
    const start = (stage: Stage) => new StageProgress(stage);
    this.progress = stages.map(start);
    this.#fetched = stages.map(start);
    const readers: Reader[][] = stages.map(() => []);
    this.#edges = stages.map((stage) =>
      stage.sources.map((source) => {
        const reader = { consumer: stage.index, source, released: 0 };
        // What another part of the network reads waits in memory.
        if (stages[source.stage]!.part === stage.part) readers[source.stage]!.push(reader);
        return reader;
      }),
    );
    this.#readers = readers;
    this.#freed = new Float64Array(stages.length);
    this.#left = new Float64Array(stages.length);
  }

  /** Stage whose data a task still waits for; -1 when all are there. */
  missingInput(stage: Stage, task: number): number {
    const inference = Math.floor(task / stage.tasks);
    const local = task - inference * stage.tasks;
    for (const source of stage.sources) {
      if (!this.progress[source.stage]!.hasPositions(inference, source.required[local]!)) return source.stage;
    }
    return -1;
  }

  /** Stage that has to take output of this one before a task may begin; -1 when there is room. */
  missingRoom(stage: Stage, task: number): number {
    const { index, tasks, positions, positionsPerTask, capacity } = stage;
    const inference = Math.floor(task / tasks);
    const local = task - inference * tasks;
    const produced = inference * positions + Math.min((local + 1) * positionsPerTask, positions);
    if (produced - this.#freed[index]! <= capacity) return -1;
    let slowest = index;
    let least = Infinity;
    for (const reader of this.#readers[index]!) {
      if (reader.released >= least) continue;
      least = reader.released;
      slowest = reader.consumer;
    }
    return slowest;
  }

  /** Bytes that a task makes. */
  outputBytes(stage: Stage, task: number): number {
    return this.progress[stage.index]!.positionsOf(task) * stage.outputBytesPerPosition;
  }

  /** A task has its inputs: calls `freed` for every stage that got room by it. */
  fetched(stage: Stage, task: number, freed: (stage: number) => void): void {
    const mark = this.#fetched[stage.index]!;
    if (!mark.complete(task)) return;
    const done = mark.tasksComplete;
    const inference = Math.floor(done / stage.tasks);
    const local = done - inference * stage.tasks;
    for (const reader of this.#edges[stage.index]!) {
      const producer = reader.source.stage;
      const within = local === 0 ? 0 : reader.source.released[local - 1]!;
      reader.released = inference * this.#stages[producer]!.positions + within;
      if (this.#update(producer)) freed(producer);
    }
  }

  /** The answer has left, or what nobody reads from the buffer is written: so many positions through all inferences. */
  discard(stage: Stage, positions: number): void {
    this.#left[stage.index] = positions;
    this.#update(stage.index);
  }

  /** Whether nothing but the way out, or another part of the network, reads a stage's output. */
  isUnread(stage: number): boolean {
    return this.#readers[stage]!.length === 0;
  }

  /** Writes what decides the future, relative to an inference. */
  state(inference: number, into: number[]): void {
    this.#stages.forEach((stage, index) => {
      this.progress[index]!.state(inference, into);
      if (stage.sources.length > 0) this.#fetched[index]!.state(inference, into);
      into.push(this.#freed[index]! - inference * stage.positions);
      if (this.#answers[index]) into.push(this.#left[index]! - inference * stage.positions);
    });
  }

  #update(producer: number): boolean {
    const readers = this.#readers[producer]!;
    // The answer has to leave, too.
    let least = readers.length === 0 || this.#answers[producer] ? this.#left[producer]! : Infinity;
    for (let i = 0; i < readers.length; i++) if (readers[i]!.released < least) least = readers[i]!.released;
    if (least <= this.#freed[producer]!) return false;
    this.#freed[producer] = least;
    return true;
  }
}
