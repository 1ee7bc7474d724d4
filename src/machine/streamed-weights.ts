import type { DigitalProduct, DigitalStage } from '../mapping/schedule.ts';
import type { DigitalPool } from './digital-pool.ts';
import type { Recorder } from './recorder.ts';
import { MEMORY_TILE } from './task-place.ts';
import type { Transfers } from './transfers.ts';

/** Weights that do not stay in the weight memory of a digital core: they come from memory. */
export class StreamedWeights {
  readonly #transfers: Transfers;
  readonly #pool: DigitalPool;
  readonly #recorder: Recorder;

  constructor(transfers: Transfers, pool: DigitalPool, recorder: Recorder) {
    this.#transfers = transfers;
    this.#pool = pool;
    this.#recorder = recorder;
  }

  /** Fetches what the core of a task does not hold; the tick of its arrival. */
  fetch(stage: DigitalStage, product: DigitalProduct, task: number, now: number): number {
    const core = this.#pool.coreOfTask(stage.index, task);
    if (!this.#pool.loads(core, stage.index) && !product.streamedEachTask) return now;
    const bytes = product.streamedBytes;
    const read = this.#transfers.fromMemory(bytes, now, stage, task) + this.#transfers.memoryLatency;
    const tile = this.#pool.tileOfTask(stage.index, task);
    const there = this.#transfers.acrossTiles(MEMORY_TILE, tile, bytes, read, stage, task);
    this.#recorder.record(this.#recorder.actions.weightWrite, core, bytes, read, there, stage, task);
    return there;
  }
}
