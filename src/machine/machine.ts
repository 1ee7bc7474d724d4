import { Fault } from '../base/fault.ts';
import { Engine, type Handler } from '../engine/engine.ts';
import type { FifoServer } from '../engine/resource.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { multicastLinks } from '../hardware/interconnect.ts';
import { digitalTaskCycles } from '../mapping/digital-work.ts';
import type { Schedule, Stage } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import { actionNumbers } from './actions.ts';
import type { ActivitySink } from './activity.ts';
import { type AnalogPlan, analogPlans } from './analog-plan.ts';
import { DigitalPool } from './digital-pool.ts';
import { StageProgress } from './progress.ts';
import { Recorder } from './recorder.ts';
import { createResources, type Resources } from './resources.ts';
import { ticks } from './ticks.ts';
import { Transfers } from './transfers.ts';

/** What a run plays. */
export interface MachineOptions {
  /** Inferences that wait at the door from tick 0 on. */
  readonly inferences: number;
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
}

/** What came of it, in ticks (ps). */
export interface MachineRun {
  /** Tick at which each inference's answer was in memory. */
  readonly completions: Float64Array;
  readonly elapsed: number;
  readonly events: number;
  readonly tasks: number;
  /** Busy ticks and servers of every queued-for resource: busy ≤ elapsed × servers. */
  readonly occupancy: readonly {
    readonly resource: string;
    readonly busy: number;
    readonly servers: number;
  }[];
}

// Event kinds. `a` is the task (numbered through all inferences), `b` the stage (times SLICE_BASE plus slice).
const FETCHED = 0;
const DELIVERED = 1;
const UNIT_FREE = 2;
const COMPUTED = 3;
const ARRIVED = 4;
const WRITTEN = 5;
const SAMPLED = 6;
// Of the answer: `a` is the inference.
const ANSWER_READ = 7;
const ANSWER_AT_MEMORY = 8;
const SLICE_BASE = 64;
/** 2^53 ps. */
const MOST_HOURS = 2.5;
/** Memory hangs on the first tile. */
const MEMORY_TILE = 0;
/** Until its last conversion is done, nobody knows when a crossbar with shared converters is free. */
const BUSY = Number.POSITIVE_INFINITY;

/**
 * Plays a schedule on a chip: every task fetches its inputs through the ports they pass, computes on its
 * crossbars or digital core, sends its result home and writes it. A task starts as soon as the positions that
 * it needs are there and its consumers have a buffer free (two inferences deep); each replica and core fetches
 * one task ahead. Same schedule, same policy: same events in the same order.
 */
export function playSchedule(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  options: MachineOptions,
): MachineRun {
  const play = startSchedule(schedule, spec, table, options);
  while (!play.advance(Number.POSITIVE_INFINITY));
  return play.result();
}

/** A play that is taken piece by piece, so that a program may do something else in between. */
export interface Play {
  /** Plays at most so many events; true when all is played. A Fault when time runs beyond what can be counted. */
  advance(events: number): boolean;
  /** Inferences whose answer is there. */
  readonly done: number;
  /** What came of it, once all is played. */
  result(): MachineRun;
}

/** Starts what `playSchedule` plays in one go. */
export function startSchedule(
  schedule: Schedule,
  spec: ArchitectureSpec,
  table: ActionTable,
  options: MachineOptions,
): Play {
  return new Player(schedule, spec, table, options);
}

class Player implements Play {
  readonly #handlers: Handler[];
  readonly #engine = new Engine();
  readonly #schedule: Schedule;
  readonly #spec: ArchitectureSpec;
  readonly #options: MachineOptions;
  readonly #resources: Resources;
  readonly #progress: readonly StageProgress[];
  readonly #consumers: readonly (readonly number[])[];
  readonly #plans: readonly (readonly AnalogPlan[])[];
  /** Per analog stage and sending tile: the tiles with a copy, and the links of the tree that reaches them. */
  readonly #feeds: readonly ReadonlyMap<number, { tiles: readonly number[]; links: number }>[];
  /** Next task of each stage to be issued (analog, load) or queued (digital). */
  readonly #next: Float64Array;
  /** Per stage and replica: a task is being fetched; and when its crossbars are free. */
  readonly #fetching: readonly Uint8Array[];
  readonly #freeAt: readonly Float64Array[];
  /** With shared converters: when the adders have taken the last codes. */
  readonly #addedAt: readonly Float64Array[];
  /** With shared converters: a delivered task that waits for the MVM before it, or -1. */
  readonly #delivering: readonly Float64Array[];
  readonly #pool: DigitalPool;
  readonly #cycle: number;
  readonly #recorder: Recorder;
  readonly #transfers: Transfers;
  readonly #completions: Float64Array;
  #done = 0;

  constructor(schedule: Schedule, spec: ArchitectureSpec, table: ActionTable, options: MachineOptions) {
    this.#schedule = schedule;
    this.#spec = spec;
    this.#options = options;
    this.#resources = createResources(spec);
    const { stages } = schedule;
    this.#progress = stages.map(
      (stage) => new StageProgress(stage.tasks, stage.positions, stage.positionsPerTask),
    );
    this.#consumers = stages.map((stage) =>
      stages
        .filter((other) => other.sources.some((source) => source.stage === stage.index))
        .map((other) => other.index),
    );
    this.#plans = stages.map((stage) => (stage.kind === 'analog' ? analogPlans(stage, spec) : []));
    this.#feeds = stages.map((stage) => {
      const tiles = this.#plans[stage.index]![0]?.tiles ?? [];
      return new Map(
        stage.sources.map((source) => {
          const from = stages[source.stage]!.homeTile;
          return [from, { tiles, links: multicastLinks(from, tiles, spec.chip.tiles) }];
        }),
      );
    });
    this.#next = new Float64Array(stages.length);
    const units = stages.map((stage) => (stage.kind === 'analog' ? stage.replicas.length : 1));
    this.#fetching = units.map((count) => new Uint8Array(count));
    this.#freeAt = units.map((count) => new Float64Array(count));
    this.#addedAt = units.map((count) => new Float64Array(count));
    this.#delivering = units.map((count) => new Float64Array(count).fill(-1));
    this.#pool = new DigitalPool(stages, this.#resources, options.taskPolicy, spec);
    this.#cycle = spec.digitalCore === undefined ? 0 : 1 / spec.digitalCore.clock;
    this.#recorder = new Recorder(actionNumbers(table), options.sink);
    this.#transfers = new Transfers(this.#resources, this.#recorder);
    this.#completions = new Float64Array(options.inferences);
    this.#handlers = this.#handle();
  }

  get done(): number {
    return this.#done;
  }

  advance(events: number): boolean {
    try {
      if (this.#engine.processed === 0) {
        for (let stage = 0; stage < this.#schedule.stages.length; stage++) this.#issue(stage);
        this.#dispatch();
      }
      return this.#engine.run(this.#handlers, { maxEvents: events }) === 'drained';
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Fault(`an inference takes longer than the ${MOST_HOURS} hours that can be simulated`, {
        cure: 'check clocks, rates and bandwidths of the architecture',
      });
    }
  }

  #handle(): Handler[] {
    const handlers = new Array<Handler>(9);
    handlers[FETCHED] = (task, stage) => this.#fetched(task, stage);
    handlers[DELIVERED] = (task, stage) => this.#delivered(task, stage);
    handlers[UNIT_FREE] = (unit, stage) => this.#unitFree(unit, stage);
    handlers[COMPUTED] = (task, stage) => this.#computed(task, stage);
    handlers[ARRIVED] = (task, stage) => this.#arrived(task, stage);
    handlers[ANSWER_READ] = (inference) => this.#sendAnswer(inference);
    handlers[ANSWER_AT_MEMORY] = (inference) => this.#storeAnswer(inference);
    handlers[WRITTEN] = (task, stage) => this.#written(task, stage);
    handlers[SAMPLED] = (task, b) => this.#sampled(task, Math.floor(b / SLICE_BASE), b % SLICE_BASE);
    return handlers;
  }

  /** Issues or queues every task of a stage that is ready now. */
  #issue(index: number): void {
    const stage = this.#schedule.stages[index]!;
    const total = this.#options.inferences * stage.tasks;
    for (let task = this.#next[index]!; task < total; task++) {
      if (!this.#isReady(stage, task)) return;
      if (stage.kind === 'digital') {
        this.#pool.enqueue(index, task, this.#engine.now);
      } else {
        const unit = this.#unitOf(stage, task);
        if (this.#fetching[index]![unit] === 1) return;
        this.#fetching[index]![unit] = 1;
        if (stage.kind === 'load') this.#load(stage, task);
        else this.#fetch(stage, task);
      }
      this.#next[index] = task + 1;
    }
  }

  #isReady(stage: Stage, task: number): boolean {
    const inference = Math.floor(task / stage.tasks);
    const local = task - inference * stage.tasks;
    for (const source of stage.sources) {
      if (!this.#progress[source.stage]!.hasPositions(inference, source.required[local]!)) return false;
    }
    for (const consumer of this.#consumers[stage.index]!) {
      if (this.#progress[consumer]!.inferencesComplete < inference - 1) return false;
    }
    return this.#progress[stage.index]!.inferencesComplete >= inference - 1;
  }

  /** Gives ready digital tasks to cores that can fetch one. */
  #dispatch(): void {
    for (;;) {
      const stage = this.#pool.dispatch(this.#engine.now);
      if (stage < 0) return;
      this.#fetch(this.#schedule.stages[stage]!, this.#pool.dispatchedTask);
    }
  }

  #load(stage: Stage, task: number): void {
    const end = this.#transfers.fromMemory(this.#outputBytes(stage, task), this.#engine.now, stage, task);
    this.#engine.at(end, UNIT_FREE, 0, stage.index);
    this.#engine.at(end + ticks(this.#spec.chip.memory.latency), ARRIVED, task, stage.index);
  }

  #fetch(stage: Stage, task: number): void {
    let last = this.#engine.now;
    for (const source of stage.sources) {
      const bytes = source.bytes[task % stage.tasks]!;
      const tile = this.#schedule.stages[source.stage]!.homeTile;
      last = Math.max(last, this.#transfers.fromBuffer(tile, bytes, this.#engine.now, stage, task));
    }
    this.#engine.at(last, FETCHED, task, stage.index);
  }

  /** Inputs are out of their buffers: carry them to the tiles that compute. */
  #fetched(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    let last = this.#engine.now;
    for (const source of stage.sources) {
      const from = this.#schedule.stages[source.stage]!.homeTile;
      const bytes = source.bytes[task % stage.tasks]!;
      if (stage.kind === 'analog') {
        const { tiles, links } = this.#feeds[stage.index]!.get(from)!;
        const { now } = this.#engine;
        last = Math.max(last, this.#transfers.multicast(from, tiles, links, bytes, now, stage, task));
      } else {
        last = Math.max(last, this.#carry(from, this.#pool.tileOfTask(index, task), bytes, stage, task));
      }
    }
    if (last === this.#engine.now) this.#delivered(task, index);
    else this.#engine.at(last, DELIVERED, task, index);
  }

  #delivered(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    if (stage.kind === 'analog') this.#startAnalog(stage, task);
    else this.#startDigital(stage, task);
  }

  #startAnalog(stage: Stage, task: number): void {
    const plan = this.#planOf(stage, task);
    const unit = this.#unitOf(stage, task);
    const freeAt = this.#freeAt[stage.index]!;
    if (freeAt[unit] === BUSY) {
      this.#delivering[stage.index]![unit] = task;
      return;
    }
    const start = Math.max(this.#engine.now, freeAt[unit]!);
    this.#engine.at(start, UNIT_FREE, unit, stage.index);
    if (plan.sharedBank !== undefined) {
      freeAt[unit] = BUSY;
      this.#engine.at(start + plan.sharedBank.read, SAMPLED, task, stage.index * SLICE_BASE);
      return;
    }
    freeAt[unit] = start + plan.occupancy;
    this.#recorder.mvm(plan, unit, start, start + plan.occupancy, stage, task);
    this.#engine.at(start + plan.latency, COMPUTED, task, stage.index);
  }

  /** One slice is held and goes to the shared converters; the next is read meanwhile. */
  #sampled(task: number, index: number, slice: number): void {
    const stage = this.#schedule.stages[index]!;
    const plan = this.#planOf(stage, task);
    const { banks, read, add } = plan.sharedBank!;
    const now = this.#engine.now;
    const unit = this.#unitOf(stage, task);
    let converted = now;
    for (const bank of banks) {
      const server = this.#resources.adcBanks[bank.core]!;
      converted = Math.max(converted, server.reserve(bank.convert, now) + bank.convert);
    }
    const addedAt = this.#addedAt[index]!;
    const handed = Math.max(converted, addedAt[unit]!);
    addedAt[unit] = handed + add;
    if (slice + 1 < plan.slices) {
      const sampled = Math.max(now + read, handed);
      this.#engine.at(sampled, SAMPLED, task, index * SLICE_BASE + slice + 1);
      return;
    }
    const freeAt = Math.max(now, handed - read);
    this.#freeAt[index]![unit] = freeAt;
    this.#recorder.mvm(plan, unit, now, handed, stage, task);
    this.#engine.at(handed + add, COMPUTED, task, index);
    const waiting = this.#delivering[index]![unit]!;
    if (waiting >= 0) {
      this.#delivering[index]![unit] = -1;
      this.#engine.at(freeAt, DELIVERED, waiting, index);
    }
  }

  #startDigital(stage: Stage, task: number): void {
    if (stage.kind !== 'digital') throw new Error(`stage ${stage.name} is not digital`);
    const positions = this.#progress[stage.index]!.positionsOf(task);
    const operations = stage.operationsPerPosition * positions;
    const work = digitalTaskCycles(this.#spec.digitalCore!, stage.product, positions, operations);
    const core = this.#pool.coreOfTask(stage.index, task);
    const hold = ticks((work.mac + work.vector) * this.#cycle);
    const start = this.#resources.digitalCores[core]!.reserve(hold, this.#engine.now);
    const { actions } = this.#recorder;
    if (stage.product !== undefined) {
      const end = start + ticks(work.mac * this.#cycle);
      this.#recorder.record(
        actions.mac,
        core,
        stage.product.macsPerPosition * positions,
        start,
        end,
        stage,
        task,
      );
      this.#recorder.record(actions.weightRead, core, work.weightBytes, start, end, stage, task);
    }
    this.#recorder.record(
      actions.operate,
      core,
      operations,
      start + hold - ticks(work.vector * this.#cycle),
      start + hold,
      stage,
      task,
    );
    this.#engine.at(start, UNIT_FREE, core, stage.index);
    this.#engine.at(start + hold, COMPUTED, task, stage.index);
  }

  /** A unit has begun to compute: it can fetch its next task. */
  #unitFree(unit: number, index: number): void {
    if (this.#schedule.stages[index]!.kind === 'digital') {
      this.#pool.free(unit);
      this.#dispatch();
      return;
    }
    this.#fetching[index]![unit] = 0;
    this.#issue(index);
  }

  /** Results leave for the home tile of the stage. */
  #computed(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    let last = this.#engine.now;
    if (stage.kind === 'analog') {
      for (const { tile, bytes } of this.#planOf(stage, task).partialSums) {
        last = Math.max(last, this.#carry(tile, stage.homeTile, bytes, stage, task));
      }
    } else {
      const bytes = this.#outputBytes(stage, task);
      last = this.#carry(this.#pool.tileOfTask(index, task), stage.homeTile, bytes, stage, task);
    }
    if (last === this.#engine.now) this.#arrived(task, index);
    else this.#engine.at(last, ARRIVED, task, index);
  }

  #arrived(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    const bytes = this.#outputBytes(stage, task);
    const end = this.#transfers.toBuffer(stage.homeTile, bytes, this.#engine.now, stage, task);
    this.#engine.at(end, WRITTEN, task, index);
  }

  #written(task: number, index: number): void {
    const progress = this.#progress[index]!;
    const before = progress.inferencesComplete;
    if (!progress.complete(task)) return;
    for (const consumer of this.#consumers[index]!) this.#issue(consumer);
    if (progress.inferencesComplete > before) {
      for (const source of this.#schedule.stages[index]!.sources) this.#issue(source.stage);
      this.#issue(index);
      // Tasks end out of order on several cores: the last one may complete more than one inference.
      for (let done = before; index === this.#schedule.output && done < progress.inferencesComplete; done++) {
        this.#finish(done);
      }
    }
    this.#dispatch();
  }

  /** The answer leaves its buffer, crosses the chip to the tile of the memory and is stored. */
  #finish(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = inference * stage.tasks;
    const { outputBytes } = this.#schedule;
    const read = this.#transfers.fromBuffer(stage.homeTile, outputBytes, this.#engine.now, stage, task);
    this.#engine.at(read, ANSWER_READ, inference, 0);
  }

  #sendAnswer(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = inference * stage.tasks;
    const there = this.#carry(stage.homeTile, MEMORY_TILE, this.#schedule.outputBytes, stage, task);
    this.#engine.at(there, ANSWER_AT_MEMORY, inference, 0);
  }

  #storeAnswer(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = inference * stage.tasks;
    const { outputBytes } = this.#schedule;
    this.#completions[inference] = this.#transfers.toMemory(outputBytes, this.#engine.now, stage, task);
    this.#done += 1;
  }

  /** Moves bytes between tiles; the tick at which they are there. */
  #carry(from: number, to: number, bytes: number, stage: Stage, task: number): number {
    return this.#transfers.acrossTiles(from, to, bytes, this.#engine.now, stage, task);
  }

  #outputBytes(stage: Stage, task: number): number {
    return this.#progress[stage.index]!.positionsOf(task) * stage.outputBytesPerPosition;
  }

  #planOf(stage: Stage, task: number): AnalogPlan {
    return this.#plans[stage.index]![this.#unitOf(stage, task)]!;
  }

  #unitOf(stage: Stage, task: number): number {
    return stage.kind === 'analog' ? task % stage.replicas.length : 0;
  }

  result(): MachineRun {
    const { stages } = this.#schedule;
    let tasks = 0;
    for (const stage of stages) {
      const complete = this.#progress[stage.index]!.tasksComplete;
      const expected = this.#options.inferences * stage.tasks;
      if (complete !== expected) throw new Error(`stage ${stage.name}: ${complete} of ${expected} tasks ran`);
      tasks += complete;
    }
    const { memoryPort, bufferPorts, links, adcBanks, digitalCores } = this.#resources;
    const groups: Record<string, readonly FifoServer[]> = {
      memoryPort: [memoryPort],
      bufferPorts,
      links,
      adcBanks,
      digitalCores,
    };
    return {
      completions: this.#completions,
      elapsed: this.#completions.reduce((a, b) => Math.max(a, b), 0),
      events: this.#engine.processed,
      tasks,
      occupancy: Object.entries(groups).map(([resource, servers]) => ({
        resource,
        busy: servers.reduce((sum, server) => sum + server.busy, 0),
        servers: servers.length,
      })),
    };
  }
}
