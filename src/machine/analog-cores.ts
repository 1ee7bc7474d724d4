import type { Engine } from '../engine/engine.ts';
import type { FifoLines } from '../engine/fifo-lines.ts';
import type { AnalogStage, Stage } from '../mapping/schedule.ts';
import { type AnalogPlans, planOf } from './analog-plan.ts';
import { COMPUTED, DELIVERED, SAMPLED, SLICE_BASE, UNIT_FREE } from './events.ts';
import type { LockStep } from './lock-step.ts';
import type { MergedSchedule } from './merged-schedule.ts';
import type { Recorder } from './recorder.ts';
import { sharersOf } from './shared-crossbars.ts';
import { unitOf } from './task-place.ts';
import { type WaitLedger, WAITS } from './waits.ts';

const CROSSBAR = WAITS.indexOf('crossbar');
/** Until its last conversion is done, nobody knows when a crossbar with shared converters is free. */
const BUSY = Number.POSITIVE_INFINITY;

/**
 * MVMs on crossbars, in time: one after the other on each copy of a layer. In closed form where every crossbar has
 * converters of its own; slice by slice, in a queue, where the converters of a core are shared.
 */
export class AnalogCores {
  readonly #engine: Engine;
  readonly #stages: readonly Stage[];
  readonly #plans: AnalogPlans;
  readonly #adcBanks: FifoLines;
  readonly #lockStep: LockStep;
  readonly #recorder: Recorder;
  readonly #waits: WaitLedger;
  /** Per stage: those that compute on the same crossbars, itself among them. */
  readonly #sharers: readonly (readonly number[])[];
  /** Per stage and replica: when its crossbars are free. */
  readonly #freeAt: readonly Float64Array[];
  /** With shared converters: when the adders have taken the last codes. */
  readonly #addedAt: readonly Float64Array[];
  /** With shared converters: when the present MVM began. */
  readonly #begunAt: readonly Float64Array[];
  /** With shared converters: the stage, from 1, whose task comes next, so that none overtakes it. */
  readonly #promised: readonly Float64Array[];
  /** With shared converters: a delivered task that waits for the MVM before it, or -1, and since when. */
  readonly #delivering: readonly Float64Array[];
  readonly #deliveredAt: readonly Float64Array[];
  /** Ticks of all MVMs so far, waiting for converters left out. */
  readonly #busy: readonly Float64Array[];

  constructor(
    engine: Engine,
    merged: MergedSchedule,
    plans: AnalogPlans,
    adcBanks: FifoLines,
    lockStep: LockStep,
    recorder: Recorder,
    waits: WaitLedger,
  ) {
    this.#engine = engine;
    this.#stages = merged.stages;
    this.#plans = plans;
    this.#adcBanks = adcBanks;
    this.#lockStep = lockStep;
    this.#recorder = recorder;
    this.#waits = waits;
    const perReplica = () => plans.map((replicas) => new Float64Array(replicas.length));
    const perCrossbars = () => {
      const own = perReplica();
      return own.map((_, stage) => own[sharers[stage]![0]!]!);
    };
    const sharers = (this.#sharers = sharersOf(merged));
    this.#freeAt = perCrossbars();
    this.#addedAt = perCrossbars();
    this.#begunAt = perCrossbars();
    this.#promised = perCrossbars();
    this.#busy = perCrossbars();
    this.#delivering = perReplica();
    for (const tasks of this.#delivering) tasks.fill(-1);
    this.#deliveredAt = perReplica();
  }

  /** The inputs of an MVM are there: it begins as soon as its crossbars are free. */
  start(stage: AnalogStage, task: number): void {
    const plan = planOf(this.#plans, stage, task);
    const unit = unitOf(stage, task);
    const freeAt = this.#freeAt[stage.index]!;
    const promised = this.#promised[stage.index]!;
    if (freeAt[unit] === BUSY || (promised[unit] !== 0 && promised[unit] !== stage.index + 1)) {
      this.#delivering[stage.index]![unit] = task;
      this.#deliveredAt[stage.index]![unit] = this.#engine.now;
      return;
    }
    promised[unit] = 0;
    const { now } = this.#engine;
    const start = this.#lockStep.aligned(Math.max(now, freeAt[unit]!));
    if (start > now) this.#waits.add(CROSSBAR, stage.index, stage.index, start - now);
    this.#engine.at(start, UNIT_FREE, unit, stage.index);
    if (plan.sharedBank !== undefined) {
      freeAt[unit] = BUSY;
      this.#begunAt[stage.index]![unit] = start;
      this.#engine.at(start + plan.sharedBank.read, SAMPLED, task, stage.index * SLICE_BASE);
      return;
    }
    freeAt[unit] = start + plan.mvm.occupancy;
    this.#busy[stage.index]![unit]! += plan.mvm.occupancy;
    this.#recorder.mvm(plan.mvm, unit, start, start + plan.mvm.occupancy, stage, task);
    this.#engine.at(start + plan.mvm.latency, COMPUTED, task, stage.index);
  }

  /** One slice is held and goes to the shared converters; the next is read meanwhile. */
  sampled(task: number, index: number, slice: number): void {
    const stage = this.#stages[index] as AnalogStage;
    const plan = planOf(this.#plans, stage, task);
    const { banks, read, add } = plan.sharedBank!;
    const now = this.#engine.now;
    const unit = unitOf(stage, task);
    let converted = now;
    for (const bank of banks) {
      const start = this.#adcBanks.reserve(bank.core, bank.convert, now, index);
      converted = Math.max(converted, start + bank.convert);
    }
    const addedAt = this.#addedAt[index]!;
    const handed = Math.max(converted, addedAt[unit]!);
    addedAt[unit] = handed + add;
    if (slice + 1 < plan.mvm.slices) {
      const sampled = Math.max(now + read, handed);
      this.#engine.at(sampled, SAMPLED, task, index * SLICE_BASE + slice + 1);
      return;
    }
    const freeAt = Math.max(now, handed - read);
    this.#freeAt[index]![unit] = freeAt;
    const held = freeAt - this.#begunAt[index]![unit]!;
    this.#busy[index]![unit]! += Math.min(held, plan.sharedBank!.occupancy);
    this.#recorder.mvm(plan.mvm, unit, this.#begunAt[index]![unit]!, freeAt, stage, task);
    this.#engine.at(handed + add, COMPUTED, task, index);
    const next = this.#longestWaiting(index, unit);
    if (next < 0) return;
    const waiting = this.#delivering[next]![unit]!;
    this.#delivering[next]![unit] = -1;
    this.#waits.add(CROSSBAR, next, index, freeAt - this.#deliveredAt[next]![unit]!);
    this.#promised[next]![unit] = next + 1;
    this.#engine.at(freeAt, DELIVERED, waiting, next);
  }

  /** The stage that speaks for all on the same crossbars. */
  leader(stage: number): number {
    return this.#sharers[stage]![0]!;
  }

  /**
   * Crossbar-ticks up to `until`, that nothing played lies beyond, in which MVMs kept the crossbars of a stage busy, for
   * whichever stage on them; waiting for converters that others use is left out.
   */
  busyTicks(stage: number, until: number): number {
    let busy = 0;
    this.#busy[stage]!.forEach((ticks, unit) => {
      const freeAt = this.#freeAt[stage]![unit]!;
      const { mvm, sharedBank } = this.#plans[stage]![unit]!;
      const begun =
        freeAt === BUSY
          ? Math.max(0, Math.min(until - this.#begunAt[stage]![unit]!, sharedBank!.occupancy))
          : Math.min(0, until - freeAt);
      busy += (ticks + begun) * mvm.crossbars;
    });
    return busy;
  }

  /** Of the stages on the same crossbars that with a task which waits for a copy, the longest; -1 when none does. */
  #longestWaiting(index: number, unit: number): number {
    let longest = -1;
    for (const stage of this.#sharers[index]!) {
      if (this.#delivering[stage]![unit]! < 0) continue;
      if (longest < 0 || this.#deliveredAt[stage]![unit]! < this.#deliveredAt[longest]![unit]!)
        longest = stage;
    }
    return longest;
  }

  /** Writes what decides the future, relative to an inference and to now. */
  state(inference: number, now: number, into: number[]): void {
    this.#stages.forEach(({ tasks }, index) => {
      const freeAt = this.#freeAt[index]!;
      const addedAt = this.#addedAt[index]!;
      const delivering = this.#delivering[index]!;
      for (let unit = 0; unit < freeAt.length; unit++) {
        const free = freeAt[unit]!;
        const added = addedAt[unit]!;
        const waiting = delivering[unit]!;
        if (free <= now && added <= now && waiting < 0) continue;
        into.push(unit, Math.max(0, free - now), Math.max(0, added - now));
        if (free === BUSY) into.push(this.#begunAt[index]![unit]! - now);
        if (waiting < 0) into.push(-Infinity);
        else into.push(waiting - inference * tasks, now - this.#deliveredAt[index]![unit]!);
      }
      into.push(-1);
    });
  }
}
