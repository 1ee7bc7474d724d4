import type { Engine } from '../engine/engine.ts';
import type { Stage } from '../mapping/schedule.ts';
import { ANSWER_AT_MEMORY, ANSWER_READ } from './events.ts';
import type { Flow } from './flow.ts';
import type { MergedSchedule } from './merged-schedule.ts';
import { MEMORY_TILE, homeOf } from './task-place.ts';
import type { Transfers } from './transfers.ts';

/** The way out: an answer leaves its buffer, crosses the chip to the tile of the memory and is stored. */
export class Answers {
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #transfers: Transfers;
  /** By schedule: the stage that makes its answers, and their bytes. */
  readonly #stages: readonly Stage[];
  readonly #bytes: readonly number[];
  readonly #atMemory: Float64Array;

  constructor(engine: Engine, { stages, outputs }: MergedSchedule, flow: Flow, transfers: Transfers) {
    this.#engine = engine;
    this.#flow = flow;
    this.#transfers = transfers;
    this.#stages = outputs.map(({ stage }) => stages[stage]!);
    this.#bytes = outputs.map(({ bytes }) => bytes);
    this.#atMemory = new Float64Array(outputs.length);
  }

  /** The answer is complete. */
  read(inference: number, schedule: number): void {
    const stage = this.#stages[schedule]!;
    const task = lastTask(stage, inference);
    const home = homeOf(stage, task);
    const read = this.#transfers.fromBuffer(home, this.#bytes[schedule]!, this.#engine.now, stage, task);
    this.#engine.at(read, ANSWER_READ, inference, schedule);
  }

  /** It has left its buffer: others may use the room. */
  makeRoom(inference: number, schedule: number): void {
    const stage = this.#stages[schedule]!;
    this.#flow.discard(stage, (inference + 1) * stage.positions);
  }

  send(inference: number, schedule: number): void {
    const stage = this.#stages[schedule]!;
    const task = lastTask(stage, inference);
    const home = homeOf(stage, task);
    const { now } = this.#engine;
    const there = this.#transfers.acrossTiles(home, MEMORY_TILE, this.#bytes[schedule]!, now, stage, task);
    this.#engine.at(there, ANSWER_AT_MEMORY, inference, schedule);
  }

  /** It is at the memory; the tick at which it is stored. */
  store(inference: number, schedule: number): number {
    const stage = this.#stages[schedule]!;
    const task = lastTask(stage, inference);
    this.#atMemory[schedule]! += 1;
    return this.#transfers.toMemory(this.#bytes[schedule]!, this.#engine.now, stage, task);
  }

  /** Answers of a schedule that have come to the memory. */
  atMemory(schedule: number): number {
    return this.#atMemory[schedule]!;
  }
}

function lastTask({ tasks }: Stage, inference: number): number {
  return (inference + 1) * tasks - 1;
}
