import type { Engine } from '../engine/engine.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { DigitalPool } from './digital-pool.ts';
import type { Flow } from './flow.ts';
import type { Inputs } from './inputs.ts';
import type { Loading } from './loading.ts';
import type { Recorder } from './recorder.ts';
import { NOTHING, type StageWaits } from './stage-waits.ts';
import { unitOf } from './task-place.ts';
import type { Turns } from './turns.ts';
import { WAITS } from './waits.ts';

const INPUT = WAITS.indexOf('input');
const ROOM = WAITS.indexOf('room');
const PROGRAMMING = WAITS.indexOf('programming');
const WEIGHTS = WAITS.indexOf('weightsFromMemory');

/** What a task needs before it may begin. */
export interface Conditions {
  /** Inferences that a stage may play. */
  readonly played: (stage: number) => number;
  readonly flow: Flow;
  /** Undefined where the whole network fits. */
  readonly turns: Turns | undefined;
}

/** Sends the tasks of each stage on their way, in order, as soon as each finds its inputs, room for its output and a unit. */
export class Issue {
  readonly #engine: Engine;
  readonly #stages: readonly Stage[];
  readonly #played: (stage: number) => number;
  readonly #flow: Flow;
  readonly #turns: Turns | undefined;
  readonly #pool: DigitalPool;
  readonly #loading: Loading;
  readonly #inputs: Inputs;
  readonly #recorder: Recorder;
  readonly #waits: StageWaits;
  /** Next task of each stage to be issued (analog, load) or queued (digital). */
  readonly #next: Float64Array;
  /** Per stage and replica: a task is being fetched. */
  readonly #fetching: readonly Uint8Array[];

  constructor(
    engine: Engine,
    stages: readonly Stage[],
    conditions: Conditions,
    pool: DigitalPool,
    { loading, inputs }: { readonly loading: Loading; readonly inputs: Inputs },
    recorder: Recorder,
    waits: StageWaits,
  ) {
    this.#engine = engine;
    this.#stages = stages;
    this.#played = conditions.played;
    this.#flow = conditions.flow;
    this.#turns = conditions.turns;
    this.#pool = pool;
    this.#loading = loading;
    this.#inputs = inputs;
    this.#recorder = recorder;
    this.#waits = waits;
    this.#next = new Float64Array(stages.length);
    this.#fetching = stages.map(
      (stage) => new Uint8Array(stage.kind === 'analog' ? stage.replicas.length : 1),
    );
  }

  /** Issues or queues every task that is ready now, of all stages. */
  all(): void {
    for (let stage = 0; stage < this.#stages.length; stage++) this.stage(stage);
    this.dispatch();
  }

  /** Issues or queues every task of a stage that is ready now. */
  stage(index: number): void {
    const stage = this.#stages[index]!;
    const total = this.#played(index) * stage.tasks;
    for (let task = this.#next[index]!; task < total; task++) {
      if (this.#turns?.waits(stage, task) === true) {
        const kind = this.#turns.waitsForWeights(stage) ? WEIGHTS : PROGRAMMING;
        return this.#waits.begin(index, kind, this.#turns.holder(stage), this.#engine.now);
      }
      const input = this.#flow.missingInput(stage, task);
      if (input >= 0) return this.#waits.begin(index, INPUT, input, this.#engine.now);
      const room = this.#flow.missingRoom(stage, task);
      if (room >= 0) return this.#waits.begin(index, ROOM, room, this.#engine.now);
      if (stage.kind === 'digital') {
        this.#pool.enqueue(index, task, this.#engine.now);
        this.#recorder.queue(1, this.#engine.now);
      } else {
        const unit = unitOf(stage, task);
        if (this.#fetching[index]![unit] === 1) return this.#waits.begin(index, NOTHING, 0, this.#engine.now);
        this.#fetching[index]![unit] = 1;
        if (stage.kind === 'load') this.#loading.load(stage, task);
        else this.#inputs.fetch(stage, task);
      }
      this.#next[index] = task + 1;
      this.#waits.begin(index, NOTHING, 0, this.#engine.now);
    }
  }

  /** Gives ready digital tasks to cores that can fetch one. */
  dispatch(): void {
    for (;;) {
      const stage = this.#pool.dispatch(this.#engine.now);
      if (stage < 0) return;
      this.#recorder.queue(-1, this.#engine.now);
      this.#inputs.fetch(this.#stages[stage]!, this.#pool.dispatchedTask);
    }
  }

  /** A unit has begun to compute: it can fetch its next task. */
  unitFree(unit: number, index: number): void {
    if (this.#stages[index]!.kind === 'digital') {
      this.#pool.begun(unit);
      this.dispatch();
      return;
    }
    this.#fetching[index]![unit] = 0;
    this.stage(index);
  }

  /** The task of a stage that comes next. */
  next(stage: number): number {
    return this.#next[stage]!;
  }

  /** Inferences that any stage has begun: one that is done with an inference waits for the next. */
  get inferencesBegun(): number {
    let begun = 0;
    this.#stages.forEach((stage, index) => {
      begun = Math.max(begun, Math.floor(this.#next[index]! / stage.tasks) + 1);
    });
    return begun;
  }

  /** Writes what decides the future, relative to an inference; what has been waited until now is charged. */
  state(inference: number, now: number, into: number[]): void {
    this.#waits.settle(now);
    this.#stages.forEach((stage, index) => {
      into.push(this.#next[index]! - inference * stage.tasks);
      this.#waits.state(index, into);
      const fetching = this.#fetching[index]!;
      for (let unit = 0; unit < fetching.length; unit++) if (fetching[unit] === 1) into.push(unit);
      into.push(-1);
    });
  }
}
