import type { Engine } from '../engine/engine.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { DigitalPool } from './digital-pool.ts';
import { FETCHED } from './events.ts';
import type { InputTrees } from './input-trees.ts';
import type { LockStep } from './lock-step.ts';
import type { StreamedWeights } from './streamed-weights.ts';
import { originOf } from './task-place.ts';
import type { Transfers } from './transfers.ts';

/** Where the inputs of tasks lie, and their way from there to the tiles that compute. */
export class Inputs {
  readonly #engine: Engine;
  readonly #stages: readonly Stage[];
  readonly #transfers: Transfers;
  readonly #trees: InputTrees;
  readonly #pool: DigitalPool;
  readonly #weights: StreamedWeights;
  readonly #lockStep: LockStep;
  /** Per stage and source: another part of the network made it, so it lies in memory. */
  readonly #fromMemory: readonly (readonly boolean[])[];

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
    this.#stages = stages;
    this.#transfers = transfers;
    this.#trees = trees;
    this.#pool = pool;
    this.#weights = weights;
    this.#lockStep = lockStep;
    this.#fromMemory = stages.map((stage) =>
      stage.sources.map((source) => stages[source.stage]!.part !== stage.part),
    );
  }

  /** Reads the inputs of a task from their buffers (or memory), and weights that its core does not hold. */
  fetch(stage: Stage, task: number): void {
    let last = this.#engine.now;
    const local = task % stage.tasks;
    for (let i = 0; i < stage.sources.length; i++) {
      const source = stage.sources[i]!;
      const bytes = source.bytes[local]!;
      const { now } = this.#engine;
      const there = this.#fromMemory[stage.index]![i]
        ? this.#transfers.fromMemory(bytes, now, stage, task) + this.#transfers.memoryLatency
        : this.#transfers.fromBuffer(originOf(this.#stages, stage, i, task), bytes, now, stage, task);
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
    let last = now;
    for (let i = 0; i < stage.sources.length; i++) {
      const from = originOf(this.#stages, stage, i, task);
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
