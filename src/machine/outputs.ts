import type { Engine } from '../engine/engine.ts';
import type { Stage } from '../mapping/schedule.ts';
import { type AnalogPlans, planOf } from './analog-plan.ts';
import type { DigitalPool } from './digital-pool.ts';
import { ARRIVED, SUMMED, WRITTEN } from './events.ts';
import type { Flow } from './flow.ts';
import type { LockStep } from './lock-step.ts';
import { MEMORY_TILE, homeOf } from './task-place.ts';
import type { Transfers } from './transfers.ts';

/** Carries what tasks make to its home tile and writes it there, and to memory where another part of the network reads it. */
export class Outputs {
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #transfers: Transfers;
  readonly #plans: AnalogPlans;
  readonly #pool: DigitalPool;
  readonly #lockStep: LockStep;
  /** Per stage: another part of the network reads it. */
  readonly #toMemory: readonly boolean[];

  constructor(
    engine: Engine,
    stages: readonly Stage[],
    flow: Flow,
    transfers: Transfers,
    plans: AnalogPlans,
    pool: DigitalPool,
    lockStep: LockStep,
  ) {
    this.#engine = engine;
    this.#flow = flow;
    this.#transfers = transfers;
    this.#plans = plans;
    this.#pool = pool;
    this.#lockStep = lockStep;
    this.#toMemory = stages.map(({ index, part, kind }) => {
      // What was loaded is there already.
      if (kind === 'load') return false;
      return stages.some(
        (other) => other.part !== part && other.sources.some((source) => source.stage === index),
      );
    });
  }

  /** Results leave for the home tile of the stage. */
  send(stage: Stage, task: number): void {
    const { now } = this.#engine;
    const home = homeOf(stage, task);
    if (stage.kind !== 'analog') {
      const from = this.#pool.tileOfTask(stage.index, task);
      const bytes = this.#flow.outputBytes(stage, task);
      this.#arriveAt(this.#transfers.acrossTiles(from, home, bytes, now, stage, task), stage, task);
      return;
    }
    const plan = planOf(this.#plans, stage, task);
    let last = now;
    for (const { tile, bytes } of plan.partialSums) {
      last = Math.max(last, this.#transfers.acrossTiles(tile, home, bytes, now, stage, task));
    }
    if (stage.operationsPerPosition > 0) {
      // In lock step, putting sums together takes a cycle at least.
      this.#engine.at(this.#lockStep.alignedAfter(now, last), SUMMED, task, stage.index);
    } else this.#arriveAt(last, stage, task);
  }

  /** Results are at their home tile. */
  write(stage: Stage, task: number): void {
    const bytes = this.#flow.outputBytes(stage, task);
    const home = homeOf(stage, task);
    const end = this.#transfers.toBuffer(home, bytes, this.#engine.now, stage, task);
    let written = stage.kind === 'analog' ? this.#lockStep.aligned(end) : end;
    if (this.#toMemory[stage.index]!) {
      const there = this.#transfers.acrossTiles(home, MEMORY_TILE, bytes, end, stage, task);
      written = Math.max(written, this.#transfers.toMemory(bytes, there, stage, task));
    }
    this.#engine.at(written, WRITTEN, task, stage.index);
  }

  #arriveAt(tick: number, stage: Stage, task: number): void {
    if (tick === this.#engine.now) this.write(stage, task);
    else this.#engine.at(tick, ARRIVED, task, stage.index);
  }
}
