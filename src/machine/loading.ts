import type { Engine } from '../engine/engine.ts';
import type { LoadStage } from '../mapping/schedule.ts';
import { ARRIVED, UNIT_FREE } from './events.ts';
import type { Flow } from './flow.ts';
import { MEMORY_TILE, homeOf } from './task-place.ts';
import type { Transfers } from './transfers.ts';

/** Reads what an inference needs of memory, its input first of all, and sends it to the tiles that hold it. */
export class Loading {
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #transfers: Transfers;

  constructor(engine: Engine, flow: Flow, transfers: Transfers) {
    this.#engine = engine;
    this.#flow = flow;
    this.#transfers = transfers;
  }

  load(stage: LoadStage, task: number): void {
    const bytes = this.#flow.outputBytes(stage, task);
    const end = this.#transfers.fromMemory(bytes, this.#engine.now, stage, task);
    this.#engine.at(end, UNIT_FREE, 0, stage.index);
    const sent = end + this.#transfers.memoryLatency;
    const there = this.#transfers.acrossTiles(MEMORY_TILE, homeOf(stage, task), bytes, sent, stage, task);
    this.#engine.at(there, ARRIVED, task, stage.index);
  }
}
