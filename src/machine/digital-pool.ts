import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { ReadyTasks, TaskPolicy } from '../scheduling/task/task-policy.ts';
import { CoreAgenda } from './core-agenda.ts';
import { CoreChoice } from './core-choice.ts';
import { DigitalHolds } from './digital-holds.ts';
import { tasksInFlight } from './progress.ts';
import type { Resources } from './resources.ts';

/** The place of a stage's inference among all inferences on the chip, the oldest first. */
export type AgeOf = (stage: number, inference: number) => number;

/**
 * The digital cores of the chip and the tasks that wait for them. Tasks of a stage are taken in order; among
 * stages the task policy chooses. A task goes to the core that brings its result home first, or waits for it (`CoreChoice`); a
 * core fetches one task while it computes another. None overtakes the one that the policy has chosen.
 */
export class DigitalPool {
  readonly #stages: readonly Stage[];
  readonly #choice: CoreChoice;
  readonly #policy: TaskPolicy;
  readonly #coresPerTile: number;
  readonly #agenda: CoreAgenda;
  readonly #work: DigitalHolds;
  /** Stage, from 1, whose weights each core has read from memory. */
  readonly #holds: Int32Array;
  /** Per stage: ring of ticks at which queued tasks became ready, and of the cores that took them. */
  readonly #readyAt: readonly Float64Array[];
  readonly #cores: readonly Int32Array[];
  readonly #queued: Float64Array;
  readonly #taken: Float64Array;
  /** Stages with queued tasks, ascending: what a policy is shown hangs on what waits, not on how that came about. */
  readonly #waiting: number[] = [];
  readonly #view: { count: number; stage: Int32Array; inference: Int32Array; readyAt: Float64Array };
  readonly #ageOf: AgeOf;
  dispatchedTask = 0;

  constructor(
    stages: readonly Stage[],
    resources: Resources,
    policy: TaskPolicy,
    spec: ArchitectureSpec,
    ageOf: AgeOf = (_stage, inference) => inference,
  ) {
    this.#ageOf = ageOf;
    this.#stages = stages;
    this.#agenda = new CoreAgenda(resources.digitalCores);
    this.#choice = new CoreChoice(stages, resources, spec.tile.digitalCores, this.#agenda);
    this.#work = new DigitalHolds(stages, spec);
    this.#policy = policy;
    this.#coresPerTile = spec.tile.digitalCores;
    this.#holds = new Int32Array(resources.digitalCores.count);
    const rings = stages.map((stage) => (stage.kind === 'digital' ? tasksInFlight(stage) : 0));
    this.#readyAt = rings.map((length) => new Float64Array(length));
    this.#cores = rings.map((length) => new Int32Array(length));
    this.#queued = new Float64Array(stages.length);
    this.#taken = new Float64Array(stages.length);
    this.#view = {
      count: 0,
      stage: new Int32Array(stages.length),
      inference: new Int32Array(stages.length),
      readyAt: new Float64Array(stages.length),
    };
  }

  /** The next task of a stage is ready. */
  enqueue(stage: number, task: number, now: number): void {
    const ring = this.#readyAt[stage]!;
    ring[task % ring.length] = now;
    if (this.#queued[stage] === this.#taken[stage]) {
      const behind = this.#waiting.findIndex((other) => other > stage);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, stage);
    }
    this.#queued[stage] = task + 1;
  }

  /** Hands one ready task to a core: its stage, the task in `dispatchedTask`; -1 when nothing can go, or had better wait. */
  dispatch(now: number): number {
    if (this.#agenda.canFetch === 0 || this.#waiting.length === 0) return -1;
    const chosen = this.#waiting.length === 1 ? 0 : this.#choose();
    const stage = this.#waiting[chosen]!;
    const task = this.#taken[stage]!;
    const what = this.#stages[stage]!;
    const local = task % what.tasks;
    const hold = this.#work.of(what, local);
    const core = this.#choice.best(what, local, now, hold);
    if (core < 0) return -1;
    this.#agenda.give(core, this.#choice.there, hold);
    const ring = this.#cores[stage]!;
    ring[task % ring.length] = core;
    this.#taken[stage] = task + 1;
    if (this.#queued[stage] === task + 1) this.#waiting.splice(chosen, 1);
    this.dispatchedTask = task;
    return stage;
  }

  /** A core has begun with a task: it can fetch again. */
  begun(core: number): void {
    this.#agenda.begun(core);
  }

  /** Ticks that a core works on a task of a stage. */
  holdOf(stage: Stage, task: number): number {
    return this.#work.of(stage, task % stage.tasks);
  }

  /** Whether a core has to load the weights of a stage; from now on it holds them. */
  loads(core: number, stage: number): boolean {
    const held = this.#holds[core] === stage + 1;
    this.#holds[core] = stage + 1;
    return !held;
  }

  coreOfTask(stage: number, task: number): number {
    const ring = this.#cores[stage]!;
    return ring[task % ring.length]!;
  }

  tileOfTask(stage: number, task: number): number {
    return Math.floor(this.coreOfTask(stage, task) / this.#coresPerTile);
  }

  /** Writes what decides the future, relative to an inference and a tick; of a stage's tasks so many are complete. */
  state(inference: number, now: number, complete: (stage: number) => number, into: number[]): void {
    this.#agenda.state(now, into);
    this.#holds.forEach((stage, core) => {
      if (stage > 0) into.push(core, stage);
    });
    into.push(-1);
    this.#stages.forEach(({ tasks }, stage) => {
      const ring = this.#readyAt[stage]!;
      if (ring.length === 0) return;
      const base = inference * tasks;
      into.push(this.#queued[stage]! - base, this.#taken[stage]! - base);
      for (let task = this.#taken[stage]!; task < this.#queued[stage]!; task++) {
        into.push(ring[task % ring.length]! - now);
      }
      const cores = this.#cores[stage]!;
      for (let task = complete(stage); task < this.#taken[stage]!; task++) {
        into.push(cores[task % cores.length]!);
      }
    });
  }

  #choose(): number {
    const view = this.#view;
    view.count = this.#waiting.length;
    for (let index = 0; index < view.count; index++) {
      const stage = this.#waiting[index]!;
      const task = this.#taken[stage]!;
      const ring = this.#readyAt[stage]!;
      view.stage[index] = stage;
      view.inference[index] = this.#ageOf(stage, Math.floor(task / this.#stages[stage]!.tasks));
      view.readyAt[index] = ring[task % ring.length]!;
    }
    const chosen = this.#policy.choose(view as ReadyTasks);
    if (!(Number.isInteger(chosen) && chosen >= 0 && chosen < view.count)) {
      throw new Error(`task policy ${this.#policy.name} chose ${chosen} of ${view.count}`);
    }
    return chosen;
  }
}
