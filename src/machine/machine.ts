import { Fault } from '../base/fault.ts';
import { Engine, type Handler } from '../engine/engine.ts';
import type { FifoLines } from '../engine/fifo-lines.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { digitalTaskCycles } from '../mapping/digital-work.ts';
import { homeOfNewest } from '../mapping/homes.ts';
import type { DigitalProduct, Schedule, Stage } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import { actionNumbers } from './actions.ts';
import type { ActivitySink } from './activity.ts';
import { type AnalogPlan, analogPlans } from './analog-plan.ts';
import { DigitalPool } from './digital-pool.ts';
import { Flow, unitOf } from './flow.ts';
import { type MulticastTree, multicastTree } from './multicast-tree.ts';
import { Recorder } from './recorder.ts';
import { createResources, type Resources } from './resources.ts';
import { SteadyState } from './steady-state.ts';
import { ticks } from './ticks.ts';
import { Transfers } from './transfers.ts';
import { Turns } from './turns.ts';
import { type Wait, WAITS, WaitLedger } from './waits.ts';

/** What a run plays. */
export interface MachineOptions {
  /** Inferences that wait at the door from tick 0 on. */
  readonly inferences: number;
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
  /**
   * Inferences between which nothing changes are not played one by one (as long as the sink can repeat what it heard):
   * the result is the same. Default: true.
   */
  readonly fastForward?: boolean;
}

/** What came of it, in ticks (ps). */
export interface MachineRun {
  /** Tick at which each inference's answer was in memory. */
  readonly completions: Float64Array;
  /** Tick from which nothing goes on: work that no answer needs (rows that a pooling window leaves out) may end after it. */
  readonly elapsed: number;
  /** Events and tasks played: those of inferences passed over are not among them. */
  readonly events: number;
  readonly tasks: number;
  /** Inferences passed over because they repeat those before. */
  readonly repeated: number;
  /** The period with which inferences repeat, where that was found out: so many, in so many ticks. */
  readonly period: { readonly inferences: number; readonly ticks: number } | undefined;
  /** Who waited how long for what, and who held it. */
  readonly waits: readonly Wait[];
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
const SUMMED = 9;
/** The crossbars hold the next part of the network. */
const PROGRAMMED = 10;
// Of the answer: `a` is the inference.
const ANSWER_READ = 7;
const ANSWER_AT_MEMORY = 8;
const SLICE_BASE = 64;
/** 2^53 ps. */
const MOST_HOURS = 2.5;
/** Memory hangs on the first tile. */
const MEMORY_TILE = 0;
const [CROSSBAR, INPUT, ROOM, PROGRAMMING] = (['crossbar', 'input', 'room', 'programming'] as const).map(
  (kind) => WAITS.indexOf(kind),
) as [number, number, number, number];
/** Until its last conversion is done, nobody knows when a crossbar with shared converters is free. */
const BUSY = Number.POSITIVE_INFINITY;

/**
 * Plays a schedule on a chip: every task fetches its inputs through the ports they pass, computes on its
 * crossbars or digital core, sends its result home and writes it. A task starts as soon as the positions that it needs
 * are there and the buffers of its stage have room for what it makes; each replica and core fetches one task ahead. Same
 * schedule, same policy: same events in the same order.
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
  readonly #waits: WaitLedger;
  readonly #resources: Resources;
  readonly #flow: Flow;
  readonly #consumers: readonly (readonly number[])[];
  readonly #plans: readonly (readonly AnalogPlan[])[];
  /** Per analog stage, by copy and sending tile: the links to all tiles of the copy. */
  readonly #trees: readonly Map<number, MulticastTree>[];
  /** Per stage and source: the tile that the inputs of each task are read from. */
  readonly #origins: readonly (readonly Int32Array[])[];
  /** Next task of each stage to be issued (analog, load) or queued (digital). */
  readonly #next: Float64Array;
  /** What the next task of a stage waits for (-1: nothing, or its crossbars), for whom, and since when. */
  readonly #waitsFor: Int32Array;
  readonly #waitsOn: Int32Array;
  readonly #waitsSince: Float64Array;
  /** Per stage and replica: a task is being fetched; and when its crossbars are free. */
  readonly #fetching: readonly Uint8Array[];
  readonly #freeAt: readonly Float64Array[];
  /** With shared converters: when the adders have taken the last codes. */
  readonly #addedAt: readonly Float64Array[];
  /** With shared converters: when the present MVM began. */
  readonly #begunAt: readonly Float64Array[];
  /** With shared converters: a delivered task that waits for the MVM before it, or -1, and since when. */
  readonly #delivering: readonly Float64Array[];
  readonly #deliveredAt: readonly Float64Array[];
  readonly #pool: DigitalPool;
  readonly #cycle: number;
  /** Ticks of a tile's lock step; 0: none. */
  readonly #step: number;
  readonly #turns: Turns | undefined;
  /** Per stage and source: another part of the network made it, so it lies in memory. */
  readonly #fromMemory: readonly (readonly boolean[])[];
  readonly #toMemory: readonly boolean[];
  readonly #recorder: Recorder;
  readonly #transfers: Transfers;
  readonly #steady: SteadyState | undefined;
  readonly #completions: number[] = [];
  readonly #freed: (stage: number) => void;
  /** Inferences to play: fewer once it is known which repeat. */
  #inferences: number;
  #done = 0;

  constructor(schedule: Schedule, spec: ArchitectureSpec, table: ActionTable, options: MachineOptions) {
    this.#schedule = schedule;
    this.#spec = spec;
    this.#options = options;
    this.#inferences = options.inferences;
    const { stages } = schedule;
    this.#waits = new WaitLedger(stages.length);
    this.#resources = createResources(spec, this.#waits);
    this.#flow = new Flow(schedule);
    this.#consumers = stages.map((stage) =>
      stages
        .filter((other) => other.sources.some((source) => source.stage === stage.index))
        .map((other) => other.index),
    );
    this.#plans = stages.map((stage) => (stage.kind === 'analog' ? analogPlans(stage, spec) : []));
    this.#trees = stages.map(() => new Map());
    this.#fromMemory = stages.map((stage) =>
      stage.sources.map((source) => stages[source.stage]!.part !== stage.part),
    );
    this.#toMemory = stages.map(({ index }) =>
      stages.some((stage) =>
        stage.sources.some((source) => source.stage === index && stage.part !== stages[index]!.part),
      ),
    );
    this.#origins = stages.map((stage) =>
      stage.sources.map((source, i) =>
        this.#fromMemory[stage.index]![i]
          ? new Int32Array(stage.tasks).fill(MEMORY_TILE)
          : source.required.map((count) => homeOfNewest(stages[source.stage]!, count)),
      ),
    );
    this.#next = new Float64Array(stages.length);
    this.#waitsFor = new Int32Array(stages.length).fill(-1);
    this.#waitsOn = new Int32Array(stages.length);
    this.#waitsSince = new Float64Array(stages.length);
    const units = stages.map((stage) => (stage.kind === 'analog' ? stage.replicas.length : 1));
    this.#fetching = units.map((count) => new Uint8Array(count));
    this.#freeAt = units.map((count) => new Float64Array(count));
    this.#addedAt = units.map((count) => new Float64Array(count));
    this.#begunAt = units.map((count) => new Float64Array(count));
    this.#delivering = units.map((count) => new Float64Array(count).fill(-1));
    this.#deliveredAt = units.map((count) => new Float64Array(count));
    this.#pool = new DigitalPool(stages, this.#resources, options.taskPolicy, spec);
    this.#step = spec.tile.cycle === undefined ? 0 : ticks(spec.tile.cycle);
    this.#turns =
      schedule.parts.length === 0
        ? undefined
        : new Turns(schedule, spec.analogCore!.programming!.batch, this.#flow);
    this.#cycle = spec.digitalCore === undefined ? 0 : 1 / spec.digitalCore.clock;
    this.#recorder = new Recorder(actionNumbers(table), options.sink);
    this.#transfers = new Transfers(this.#resources, this.#recorder);
    this.#freed = (stage) => this.#issue(stage);
    const { sink, fastForward = true } = options;
    this.#steady =
      fastForward && sink.snapshot !== undefined && sink.repeat !== undefined
        ? new SteadyState(sink, this.#waits, this.#lines())
        : undefined;
    this.#handlers = this.#handle();
  }

  get done(): number {
    return this.#done + (this.#options.inferences - this.#inferences);
  }

  advance(events: number): boolean {
    try {
      if (this.#engine.processed === 0 && this.#turns !== undefined && this.#engine.pending === 0) {
        this.#program();
      }
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
    const handlers = new Array<Handler>(11);
    handlers[FETCHED] = (task, stage) => this.#fetched(task, stage);
    handlers[DELIVERED] = (task, stage) => this.#delivered(task, stage);
    handlers[UNIT_FREE] = (unit, stage) => this.#unitFree(unit, stage);
    handlers[COMPUTED] = (task, stage) => this.#computed(task, stage);
    handlers[ARRIVED] = (task, stage) => this.#arrived(task, stage);
    handlers[ANSWER_READ] = (inference) => this.#sendAnswer(inference);
    handlers[ANSWER_AT_MEMORY] = (inference) => this.#storeAnswer(inference);
    handlers[WRITTEN] = (task, stage) => this.#written(task, stage);
    handlers[SUMMED] = (task, stage) => this.#summed(task, stage);
    handlers[PROGRAMMED] = () => this.#programmed();
    handlers[SAMPLED] = (task, b) => this.#sampled(task, Math.floor(b / SLICE_BASE), b % SLICE_BASE);
    return handlers;
  }

  /** Issues or queues every task of a stage that is ready now. */
  #issue(index: number): void {
    const stage = this.#schedule.stages[index]!;
    const total = this.#inferences * stage.tasks;
    for (let task = this.#next[index]!; task < total; task++) {
      if (this.#turns?.waits(stage, task) === true) return this.#wait(index, PROGRAMMING, index);
      const input = this.#flow.missingInput(stage, task);
      if (input >= 0) return this.#wait(index, INPUT, input);
      const room = this.#flow.missingRoom(stage, task);
      if (room >= 0) return this.#wait(index, ROOM, room);
      if (stage.kind === 'digital') {
        this.#pool.enqueue(index, task, this.#engine.now);
        this.#recorder.queue(1, this.#engine.now);
      } else {
        const unit = unitOf(stage, task);
        if (this.#fetching[index]![unit] === 1) return this.#wait(index, -1, 0);
        this.#fetching[index]![unit] = 1;
        if (stage.kind === 'load') this.#load(stage, task);
        else this.#fetch(stage, task);
      }
      this.#next[index] = task + 1;
      this.#wait(index, -1, 0);
    }
  }

  /** From now on the next task of a stage waits for something of another stage. */
  #wait(index: number, kind: number, other: number): void {
    const before = this.#waitsFor[index]!;
    if (before === kind && this.#waitsOn[index] === other) return;
    const { now } = this.#engine;
    if (before >= 0) this.#waits.add(before, index, this.#waitsOn[index]!, now - this.#waitsSince[index]!);
    this.#waitsFor[index] = kind;
    this.#waitsOn[index] = other;
    this.#waitsSince[index] = now;
  }

  /** Gives ready digital tasks to cores that can fetch one. */
  #dispatch(): void {
    for (;;) {
      const stage = this.#pool.dispatch(this.#engine.now);
      if (stage < 0) return;
      this.#recorder.queue(-1, this.#engine.now);
      this.#fetch(this.#schedule.stages[stage]!, this.#pool.dispatchedTask);
    }
  }

  #load(stage: Stage, task: number): void {
    const end = this.#transfers.fromMemory(this.#outputBytes(stage, task), this.#engine.now, stage, task);
    this.#engine.at(end, UNIT_FREE, 0, stage.index);
    const there = this.#transfers.acrossTiles(
      MEMORY_TILE,
      homeOf(stage, task),
      this.#outputBytes(stage, task),
      end + this.#memoryLatency,
      stage,
      task,
    );
    this.#engine.at(there, ARRIVED, task, stage.index);
  }

  #fetch(stage: Stage, task: number): void {
    let last = this.#engine.now;
    const local = task % stage.tasks;
    const origins = this.#origins[stage.index]!;
    for (let i = 0; i < stage.sources.length; i++) {
      const source = stage.sources[i]!;
      const bytes = source.bytes[local]!;
      const { now } = this.#engine;
      const there = this.#fromMemory[stage.index]![i]
        ? this.#transfers.fromMemory(bytes, now, stage, task) + this.#memoryLatency
        : this.#transfers.fromBuffer(origins[i]![local]!, bytes, now, stage, task);
      if (there > last) last = there;
    }
    if (stage.kind === 'digital' && stage.product !== undefined && stage.product.streamedBytes > 0) {
      last = Math.max(last, this.#fetchWeights(stage, stage.product, task));
    }
    this.#engine.at(stage.kind === 'analog' ? this.#aligned(last) : last, FETCHED, task, stage.index);
  }

  /** Weights that the core of a task does not hold come from memory; the tick of their arrival. */
  #fetchWeights(stage: Stage, product: DigitalProduct, task: number): number {
    const { now } = this.#engine;
    const core = this.#pool.coreOfTask(stage.index, task);
    if (!this.#pool.loads(core, stage.index) && !product.streamedEachTask) return now;
    const bytes = product.streamedBytes;
    const read = this.#transfers.fromMemory(bytes, now, stage, task) + this.#memoryLatency;
    const tile = this.#pool.tileOfTask(stage.index, task);
    const there = this.#transfers.acrossTiles(MEMORY_TILE, tile, bytes, read, stage, task);
    this.#recorder.record(this.#recorder.actions.weightWrite, core, bytes, read, there, stage, task);
    return there;
  }

  /** Inputs are out of their buffers: carry them to the tiles that compute. */
  #fetched(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    const { now } = this.#engine;
    const local = task % stage.tasks;
    const origins = this.#origins[index]!;
    let last = now;
    for (let i = 0; i < stage.sources.length; i++) {
      const from = origins[i]![local]!;
      const bytes = stage.sources[i]!.bytes[local]!;
      const there =
        stage.kind === 'analog'
          ? this.#transfers.multicast(this.#treeOf(stage, task, from), bytes, now, stage, task)
          : this.#carry(from, this.#pool.tileOfTask(index, task), bytes, stage, task);
      if (there > last) last = there;
    }
    this.#flow.fetched(stage, task, this.#freed);
    this.#dispatch();
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
    const unit = unitOf(stage, task);
    const freeAt = this.#freeAt[stage.index]!;
    if (freeAt[unit] === BUSY) {
      this.#delivering[stage.index]![unit] = task;
      this.#deliveredAt[stage.index]![unit] = this.#engine.now;
      return;
    }
    const { now } = this.#engine;
    const start = this.#aligned(Math.max(now, freeAt[unit]!));
    if (start > now) this.#waits.add(CROSSBAR, stage.index, stage.index, start - now);
    this.#engine.at(start, UNIT_FREE, unit, stage.index);
    if (plan.sharedBank !== undefined) {
      freeAt[unit] = BUSY;
      this.#begunAt[stage.index]![unit] = start;
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
    const unit = unitOf(stage, task);
    let converted = now;
    for (const bank of banks) {
      const start = this.#resources.adcBanks.reserve(bank.core, bank.convert, now, index);
      converted = Math.max(converted, start + bank.convert);
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
    this.#recorder.mvm(plan, unit, this.#begunAt[index]![unit]!, freeAt, stage, task);
    this.#engine.at(handed + add, COMPUTED, task, index);
    const waiting = this.#delivering[index]![unit]!;
    if (waiting >= 0) {
      this.#delivering[index]![unit] = -1;
      this.#waits.add(CROSSBAR, index, index, freeAt - this.#deliveredAt[index]![unit]!);
      this.#engine.at(freeAt, DELIVERED, waiting, index);
    }
  }

  #startDigital(stage: Stage, task: number): void {
    if (stage.kind !== 'digital') throw new Error(`stage ${stage.name} is not digital`);
    const positions = this.#flow.progress[stage.index]!.positionsOf(task);
    const operations = stage.operationsPerPosition * positions;
    const work = digitalTaskCycles(this.#spec.digitalCore!, stage.product, positions, operations);
    const core = this.#pool.coreOfTask(stage.index, task);
    const hold = ticks((work.mac + work.vector) * this.#cycle);
    const start = this.#resources.digitalCores.reserve(core, hold, this.#engine.now, stage.index);
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
      stage.chargedPerPosition * positions,
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
      const { home, partialSums } = this.#planOf(stage, task);
      for (const { tile, bytes } of partialSums) {
        last = Math.max(last, this.#carry(tile, home, bytes, stage, task));
      }
    } else {
      const bytes = this.#outputBytes(stage, task);
      last = this.#carry(this.#pool.tileOfTask(index, task), homeOf(stage, task), bytes, stage, task);
    }
    if (stage.kind === 'analog' && stage.operationsPerPosition > 0) {
      // In lock step, putting sums together takes a cycle at least.
      const summed = this.#step > 0 ? this.#aligned(Math.max(last, this.#engine.now + 1)) : last;
      this.#engine.at(summed, SUMMED, task, index);
    } else if (last === this.#engine.now) this.#arrived(task, index);
    else this.#engine.at(last, ARRIVED, task, index);
  }

  /** The sums of an MVM are together: a vector unit of their tile makes activations of them. */
  #summed(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    if (stage.kind !== 'analog') throw new Error(`stage ${stage.name} has no sums`);
    const perTile = this.#spec.tile.digitalCores;
    const { digitalCores } = this.#resources;
    let core = homeOf(stage, task) * perTile;
    for (let other = core + 1, end = core + perTile; other < end; other++) {
      if (digitalCores.freeAt(other) < digitalCores.freeAt(core)) core = other;
    }
    const operations = stage.operationsPerPosition;
    const cycles = Math.ceil(operations / this.#spec.digitalCore!.vectorUnit.lanes);
    const hold = ticks(cycles * this.#cycle);
    const start = digitalCores.reserve(core, hold, this.#engine.now, index);
    const { operate } = this.#recorder.actions;
    this.#recorder.record(operate, core, stage.chargedPerPosition, start, start + hold, stage, task);
    this.#engine.at(this.#aligned(start + hold), ARRIVED, task, index);
  }

  #arrived(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    const bytes = this.#outputBytes(stage, task);
    const { now } = this.#engine;
    const home = homeOf(stage, task);
    const end = this.#transfers.toBuffer(home, bytes, now, stage, task);
    let written = stage.kind === 'analog' ? this.#aligned(end) : end;
    if (this.#toMemory[index]!) {
      const there = this.#transfers.acrossTiles(home, MEMORY_TILE, bytes, end, stage, task);
      written = Math.max(written, this.#transfers.toMemory(bytes, there, stage, task));
    }
    this.#engine.at(written, WRITTEN, task, index);
  }

  #written(task: number, index: number): void {
    const progress = this.#flow.progress[index]!;
    const before = progress.inferencesComplete;
    if (!progress.complete(task)) return;
    for (const consumer of this.#consumers[index]!) this.#issue(consumer);
    if (progress.inferencesComplete > before) {
      // Tasks end out of order on several cores: the last one may complete more than one inference.
      for (let done = before; index === this.#schedule.output && done < progress.inferencesComplete; done++) {
        this.#finish(done);
      }
      if (index !== this.#schedule.output && this.#flow.isUnread(index)) {
        this.#flow.discard(this.#schedule.stages[index]!, progress.inferencesComplete);
        this.#issue(index);
      }
      if (this.#turns?.isOver(this.#inferences) === true) this.#program();
    }
    this.#dispatch();
  }

  /** Programs the crossbars for the next part of the network. */
  #program(): void {
    const part = this.#turns!.next();
    const { now } = this.#engine;
    const { programTime, cells } = this.#schedule.parts[part]!;
    const end = now + ticks(programTime);
    for (const { stage: index, cells: count } of cells) {
      const stage = this.#schedule.stages[index]!;
      this.#recorder.record(this.#recorder.actions.program, 0, count, now, end, stage, this.#next[index]!);
    }
    this.#engine.at(end, PROGRAMMED);
  }

  #programmed(): void {
    this.#turns!.begin();
    for (let stage = 0; stage < this.#schedule.stages.length; stage++) this.#issue(stage);
    this.#dispatch();
  }

  /** The next tick of a tile's lock step, or the tick itself where there is none. */
  #aligned(tick: number): number {
    return this.#step === 0 ? tick : Math.ceil(tick / this.#step) * this.#step;
  }

  get #memoryLatency(): number {
    return ticks(this.#spec.chip.memory.latency);
  }

  /** The answer leaves its buffer, crosses the chip to the tile of the memory and is stored. */
  #finish(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = (inference + 1) * stage.tasks - 1;
    const { outputBytes } = this.#schedule;
    const home = homeOf(stage, task);
    const read = this.#transfers.fromBuffer(home, outputBytes, this.#engine.now, stage, task);
    this.#engine.at(read, ANSWER_READ, inference, 0);
  }

  #sendAnswer(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = (inference + 1) * stage.tasks - 1;
    this.#flow.discard(stage, inference + 1);
    this.#issue(stage.index);
    this.#dispatch();
    const { outputBytes } = this.#schedule;
    const there = this.#carry(homeOf(stage, task), MEMORY_TILE, outputBytes, stage, task);
    this.#engine.at(there, ANSWER_AT_MEMORY, inference, 0);
  }

  #storeAnswer(inference: number): void {
    const stage = this.#schedule.stages[this.#schedule.output]!;
    const task = (inference + 1) * stage.tasks - 1;
    const { outputBytes } = this.#schedule;
    this.#completions[inference] = this.#transfers.toMemory(outputBytes, this.#engine.now, stage, task);
    this.#done += 1;
    if (this.#steady !== undefined && !this.#steady.found) this.#lookForPeriod(inference + 1);
  }

  /** Passes over as many inferences as repeat the last ones, when the chip is as it was a few inferences ago. */
  #lookForPeriod(done: number): void {
    let begun = 0;
    this.#schedule.stages.forEach((stage, index) => {
      begun = Math.max(begun, Math.floor(this.#next[index]! / stage.tasks) + 1);
    });
    // Nothing may have felt the end of the stream before; a stage that is done with an inference waits for the next.
    const left = this.#inferences - begun;
    if (left < 1) return;
    const state: number[] = [];
    this.#state(done, state);
    this.#inferences -= this.#steady!.visit(done, this.#engine.now, state, left);
  }

  /** Everything that decides the future, relative to an inference and to now. */
  #state(inference: number, into: number[]): void {
    const { now } = this.#engine;
    const { stages } = this.#schedule;
    this.#flow.state(inference, into);
    this.#turns?.state(inference, into);
    if (this.#step > 0) into.push(now % this.#step);
    this.#pool.state(inference, now, (stage) => this.#flow.progress[stage]!.tasksComplete, into);
    stages.forEach((stage, index) => {
      const base = inference * stage.tasks;
      into.push(this.#next[index]! - base, this.#waitsFor[index]!, this.#waitsOn[index]!);
      into.push(this.#waitsFor[index]! < 0 ? 0 : now - this.#waitsSince[index]!);
      for (const busy of this.#fetching[index]!) into.push(busy);
      for (const tick of this.#freeAt[index]!) into.push(tick === BUSY ? BUSY : Math.max(0, tick - now));
      for (const tick of this.#addedAt[index]!) into.push(Math.max(0, tick - now));
      this.#begunAt[index]!.forEach((tick, unit) => {
        if (this.#freeAt[index]![unit] === BUSY) into.push(tick - now);
      });
      this.#delivering[index]!.forEach((task, unit) => {
        if (task < 0) into.push(-Infinity, 0);
        else into.push(task - base, now - this.#deliveredAt[index]![unit]!);
      });
    });
    for (const lines of this.#lines()) lines.state(now, into);
    this.#engine.eachPending((time, kind, a, b) => {
      let relative = a;
      if (kind === ANSWER_READ || kind === ANSWER_AT_MEMORY) relative -= inference;
      else if (kind !== UNIT_FREE && kind !== PROGRAMMED) {
        const stage = kind === SAMPLED ? Math.floor(b / SLICE_BASE) : b;
        relative -= inference * stages[stage]!.tasks;
      }
      into.push(time - now, kind, relative, b);
    });
  }

  #lines(): readonly FifoLines[] {
    const { memoryPort, bufferPorts, links, adcBanks, digitalCores } = this.#resources;
    return [memoryPort, bufferPorts, links, adcBanks, digitalCores];
  }

  /** Moves bytes between tiles; the tick at which they are there. */
  #carry(from: number, to: number, bytes: number, stage: Stage, task: number): number {
    return this.#transfers.acrossTiles(from, to, bytes, this.#engine.now, stage, task);
  }

  #outputBytes(stage: Stage, task: number): number {
    return this.#flow.progress[stage.index]!.positionsOf(task) * stage.outputBytesPerPosition;
  }

  #planOf(stage: Stage, task: number): AnalogPlan {
    return this.#plans[stage.index]![unitOf(stage, task)]!;
  }

  #treeOf(stage: Stage, task: number, from: number): MulticastTree {
    const trees = this.#trees[stage.index]!;
    const unit = unitOf(stage, task);
    const key = unit * tileCount(this.#spec) + from;
    let tree = trees.get(key);
    if (tree === undefined) {
      const { routes, path } = this.#resources;
      tree = multicastTree(from, this.#plans[stage.index]![unit]!.tiles, routes, path);
      trees.set(key, tree);
    }
    return tree;
  }

  result(): MachineRun {
    const { stages } = this.#schedule;
    let tasks = 0;
    for (const stage of stages) {
      const complete = this.#flow.progress[stage.index]!.tasksComplete;
      const expected = this.#inferences * stage.tasks;
      if (complete !== expected) throw new Error(`stage ${stage.name}: ${complete} of ${expected} tasks ran`);
      tasks += complete;
    }
    const names = ['memoryPort', 'bufferPorts', 'links', 'adcBanks', 'digitalCores'];
    const completions = Float64Array.from(
      this.#steady?.unfold(this.#completions, this.#options.inferences) ?? this.#completions,
    );
    return {
      completions,
      elapsed: completions.reduce((a, b) => Math.max(a, b), this.#engine.now + (this.#steady?.passed ?? 0)),
      events: this.#engine.processed,
      tasks,
      period: this.#steady?.period,
      repeated: this.#options.inferences - this.#inferences,
      waits: this.#waits.list(),
      occupancy: this.#lines().map((lines, index) => {
        let busy = this.#steady?.repeatedBusy(index) ?? 0;
        for (let line = 0; line < lines.count; line++) busy += lines.busy(line);
        return { resource: names[index]!, busy, servers: lines.count };
      }),
    };
  }
}

/** Tile that a task's output goes to. */
function homeOf(stage: Stage, task: number): number {
  return stage.homes[task % stage.tasks]!;
}
