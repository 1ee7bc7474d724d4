import type { Engine } from '../engine/engine.ts';
import type { FifoLines } from '../engine/fifo-lines.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { digitalTaskCycles } from '../mapping/digital-work.ts';
import type { AnalogStage, DigitalStage } from '../mapping/schedule.ts';
import type { DigitalPool } from './digital-pool.ts';
import { ARRIVED, COMPUTED, UNIT_FREE } from './events.ts';
import type { Flow } from './flow.ts';
import type { LockStep } from './lock-step.ts';
import type { Recorder } from './recorder.ts';
import { homeOf } from './task-place.ts';
import { ticks } from './ticks.ts';

/** Work of digital cores, in time: tasks of digital stages, and the activations of MVMs beside them. */
export class DigitalCores {
  readonly #engine: Engine;
  readonly #spec: ArchitectureSpec;
  readonly #flow: Flow;
  readonly #pool: DigitalPool;
  readonly #cores: FifoLines;
  readonly #lockStep: LockStep;
  readonly #recorder: Recorder;
  /** s. */
  readonly #cycle: number;

  constructor(
    engine: Engine,
    spec: ArchitectureSpec,
    flow: Flow,
    pool: DigitalPool,
    cores: FifoLines,
    lockStep: LockStep,
    recorder: Recorder,
  ) {
    this.#engine = engine;
    this.#spec = spec;
    this.#flow = flow;
    this.#pool = pool;
    this.#cores = cores;
    this.#lockStep = lockStep;
    this.#recorder = recorder;
    this.#cycle = spec.digitalCore === undefined ? 0 : 1 / spec.digitalCore.clock;
  }

  /** The inputs of a task are in its core. */
  start(stage: DigitalStage, task: number): void {
    const positions = this.#flow.progress[stage.index]!.positionsOf(task);
    const operations = stage.operationsPerPosition * positions;
    const work = digitalTaskCycles(this.#spec.digitalCore!, stage.product, positions, operations);
    const core = this.#pool.coreOfTask(stage.index, task);
    const hold = this.#pool.holdOf(stage, task);
    const start = this.#cores.reserve(core, hold, this.#engine.now, stage.index);
    const { actions } = this.#recorder;
    if (stage.product !== undefined) {
      const end = start + ticks(work.mac * this.#cycle);
      const macs = stage.product.macsPerPosition * positions;
      this.#recorder.record(actions.mac, core, macs, start, end, stage, task);
      this.#recorder.record(actions.weightRead, core, work.weightBytes, start, end, stage, task);
    }
    const charged = stage.chargedPerPosition * positions;
    const vector = start + hold - ticks(work.vector * this.#cycle);
    this.#recorder.record(actions.operate, core, charged, vector, start + hold, stage, task);
    this.#engine.at(start, UNIT_FREE, core, stage.index);
    this.#engine.at(start + hold, COMPUTED, task, stage.index);
  }

  /** The sums of an MVM are together: a vector unit of their tile makes activations of them. */
  activate(stage: AnalogStage, task: number): void {
    const perTile = this.#spec.tile.digitalCores;
    const { now } = this.#engine;
    let core = homeOf(stage, task) * perTile;
    // Of idle ones the first, however long they have been idle: what is past decides nothing.
    for (let other = core + 1, end = core + perTile; other < end; other++) {
      if (Math.max(now, this.#cores.freeAt(other)) < Math.max(now, this.#cores.freeAt(core))) core = other;
    }
    const cycles = Math.ceil(stage.operationsPerPosition / this.#spec.digitalCore!.vectorUnit.lanes);
    const hold = ticks(cycles * this.#cycle);
    const start = this.#cores.reserve(core, hold, now, stage.index);
    const { operate } = this.#recorder.actions;
    this.#recorder.record(operate, core, stage.chargedPerPosition, start, start + hold, stage, task);
    this.#engine.at(this.#lockStep.aligned(start + hold), ARRIVED, task, stage.index);
  }
}
