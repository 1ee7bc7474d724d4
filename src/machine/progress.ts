import type { Stage } from '../mapping/schedule.ts';

/**
 * How far a stage has come: tasks numbered through all inferences (inference · tasks + task), complete up to a
 * watermark. Tasks may complete out of order, as far ahead of the watermark as there is room for what they make.
 */
export class StageProgress {
  readonly #tasks: number;
  readonly #positions: number;
  readonly #positionsPerTask: number;
  readonly #ahead: Uint8Array;
  #complete = 0;
  /** After the furthest task that is complete. */
  #beyond = 0;

  constructor(stage: Pick<Stage, 'tasks' | 'positions' | 'positionsPerTask' | 'capacity'>) {
    this.#tasks = stage.tasks;
    this.#positions = stage.positions;
    this.#positionsPerTask = stage.positionsPerTask;
    this.#ahead = new Uint8Array(tasksInFlight(stage));
  }

  /** Tasks below this number are all complete. */
  get tasksComplete(): number {
    return this.#complete;
  }

  /** Inferences of which every task is complete. */
  get inferencesComplete(): number {
    return Math.floor(this.#complete / this.#tasks);
  }

  /** Positions of all inferences below the watermark. */
  get positionsComplete(): number {
    const inference = this.inferencesComplete;
    const within = (this.#complete - inference * this.#tasks) * this.#positionsPerTask;
    return inference * this.#positions + within;
  }

  /** Whether the first `positions` positions of an inference are complete. */
  hasPositions(inference: number, positions: number): boolean {
    const ahead = this.#complete - inference * this.#tasks;
    if (ahead <= 0) return positions <= 0;
    if (ahead >= this.#tasks) return true;
    return ahead * this.#positionsPerTask >= positions;
  }

  /** Marks a task complete; true when the watermark moved. */
  complete(task: number): boolean {
    const slot = task % this.#ahead.length;
    if (task < this.#complete || this.#ahead[slot] === 1) throw new Error(`task ${task} completed twice`);
    if (task - this.#complete >= this.#ahead.length) throw new Error(`task ${task} is too far ahead`);
    this.#ahead[slot] = 1;
    if (task >= this.#beyond) this.#beyond = task + 1;
    const before = this.#complete;
    while (this.#ahead[this.#complete % this.#ahead.length] === 1) {
      this.#ahead[this.#complete % this.#ahead.length] = 0;
      this.#complete += 1;
    }
    return this.#complete > before;
  }

  /** Writes what decides the future, relative to an inference: the watermark and the tasks complete beyond it. */
  state(inference: number, into: number[]): void {
    into.push(this.#complete - inference * this.#tasks);
    for (let task = this.#complete + 1; task < this.#beyond; task++) {
      if (this.#ahead[task % this.#ahead.length] === 1) into.push(task - this.#complete);
    }
    into.push(0);
  }

  /** Number of the task's positions: the last task of an inference may have fewer. */
  positionsOf(task: number): number {
    const from = (task % this.#tasks) * this.#positionsPerTask;
    return Math.min(this.#positionsPerTask, this.#positions - from);
  }
}

/**
 * Tasks of a stage that may be on their way at most: of as many inferences as its buffers hold, and of the one being freed,
 * since a reader may let go of positions that it does not need before they are there.
 */
export function tasksInFlight({
  tasks,
  positions,
  capacity,
}: Pick<Stage, 'tasks' | 'positions' | 'capacity'>): number {
  return (Math.ceil(capacity / positions) + 1) * tasks;
}
