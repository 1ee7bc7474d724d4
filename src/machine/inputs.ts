import type { Engine } from '../engine/engine.ts';
import { homeOfNewest } from '../mapping/homes.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { DigitalPool } from './digital-pool.ts';
import { FETCHED } from './events.ts';
import type { InputTrees } from './input-trees.ts';
import type { LockStep } from './lock-step.ts';
import type { StreamedWeights } from './streamed-weights.ts';
import { MEMORY_TILE, type Transfers } from './transfers.ts';

/** Where the inputs of tasks lie, and their way from there to the tiles that compute. */
export class Inputs {
  readonly #engine: Engine;
  readonly #transfers: Transfers;
  readonly #trees: InputTrees;
  readonly #pool: DigitalPool;
  readonly #weights: StreamedWeights;
  readonly #lockStep: LockStep;
  /** Per stage and source: another part of the network made it, so it lies in memory. */
  readonly #fromMemory: readonly (readonly boolean[])[];
  /** Per stage and source: the tile that the inputs of each task are read from. */
  readonly #origins: readonly (readonly Int32Array[])[];

  constructor(
    engine: Engine,
    stages: readonly Stage[],
    transfers: Transfers,
    trees: InputTrees,
    pool: DigitalPool,
    weights: StreamedWeights,
    lockStep: LockStep,
  ) {
    this.#engine = engine;
    this.#transfers = transfers;
    this.#trees = trees;
    this.#pool = pool;
    this.#weights = weights;
    this.#lockStep = lockStep;
    this.#fromMemory = stages.map((stage) =>
      stage.sources.map((source) => stages[source.stage]!.part !== stage.part),
    );
    this.#origins = stages.map((stage) =>
      stage.sources.map((source, i) =>
        this.#fromMemory[stage.index]![i]
          ? new Int32Array(stage.tasks).fill(MEMORY_TILE)
          : source.required.map((count) => homeOfNewest(stages[source.stage]!, count)),
      ),
    );
  }

  /** Reads the inputs of a task from their buffers (or memory), and weights that its core does not hold. */
  fetch(stage: Stage, task: number): void {
    let last = this.#engine.now;
    const local = task % stage.tasks;
    const origins = this.#origins[stage.index]!;
    for (let i = 0; i < stage.sources.length; i++) {
      const source = stage.sources[i]!;
      const bytes = source.bytes[local]!;
      const { now } = this.#engine;
      const there = this.#fromMemory[stage.index]![i]
        ? this.#transfers.fromMemory(bytes, now, stage, task) + this.#transfers.memoryLatency
        : this.#transfers.fromBuffer(origins[i]![local]!, bytes, now, stage, task);
      if (there > last) last = there;
    }
    if (stage.kind === 'digital' && stage.product !== undefined && stage.product.streamedBytes > 0) {
      last = Math.max(last, this.#weights.fetch(stage, stage.product, task, this.#engine.now));
    }
    const fetched = stage.kind === 'analog' ? this.#lockStep.aligned(last) : last;
    this.#engine.at(fetched, FETCHED, task, stage.index);
  }

  /** Carries inputs that are out of their buffers to the tiles that compute; the tick of the last arrival. */
  carry(stage: Stage, task: number): number {
    const { now } = this.#engine;
    const local = task % stage.tasks;
    const origins = this.#origins[stage.index]!;
    let last = now;
    for (let i = 0; i < stage.sources.length; i++) {
      const from = origins[i]![local]!;
      const bytes = stage.sources[i]!.bytes[local]!;
      const there =
        stage.kind === 'analog'
          ? this.#transfers.multicast(this.#trees.of(stage, task, from), bytes, now, stage, task)
          : this.#transfers.acrossTiles(
              from,
              this.#pool.tileOfTask(stage.index, task),
              bytes,
              now,
              stage,
              task,
            );
      if (there > last) last = there;
    }
    return last;
  }
}
