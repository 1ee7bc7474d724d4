import type { Engine } from '../engine/engine.ts';
import type { Schedule, Stage } from '../mapping/schedule.ts';
import { ANSWER_AT_MEMORY, ANSWER_READ } from './events.ts';
import type { Flow } from './flow.ts';
import { homeOf } from './task-place.ts';
import { MEMORY_TILE, type Transfers } from './transfers.ts';

/** The way out: an answer leaves its buffer, crosses the chip to the tile of the memory and is stored. */
export class Answers {
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #transfers: Transfers;
  /** The stage that makes the answer, and its bytes. */
  readonly #stage: Stage;
  readonly #bytes: number;

  constructor(engine: Engine, schedule: Schedule, flow: Flow, transfers: Transfers) {
    this.#engine = engine;
    this.#flow = flow;
    this.#transfers = transfers;
    this.#stage = schedule.stages[schedule.output]!;
    this.#bytes = schedule.outputBytes;
  }

  /** The answer is complete. */
  read(inference: number): void {
    const task = this.#lastTask(inference);
    const home = homeOf(this.#stage, task);
    const read = this.#transfers.fromBuffer(home, this.#bytes, this.#engine.now, this.#stage, task);
    this.#engine.at(read, ANSWER_READ, inference, 0);
  }

  /** It has left its buffer: others may use the room. */
  makeRoom(inference: number): void {
    this.#flow.discard(this.#stage, inference + 1);
  }

  send(inference: number): void {
    const task = this.#lastTask(inference);
    const home = homeOf(this.#stage, task);
    const { now } = this.#engine;
    const there = this.#transfers.acrossTiles(home, MEMORY_TILE, this.#bytes, now, this.#stage, task);
    this.#engine.at(there, ANSWER_AT_MEMORY, inference, 0);
  }

  /** It is at the memory; the tick at which it is stored. */
  store(inference: number): number {
    const task = this.#lastTask(inference);
    return this.#transfers.toMemory(this.#bytes, this.#engine.now, this.#stage, task);
  }

  #lastTask(inference: number): number {
    return (inference + 1) * this.#stage.tasks - 1;
  }
}
