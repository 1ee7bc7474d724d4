import { Fault } from '../base/fault.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { Assembly } from './assembly.ts';
import { pendingState } from './events.ts';
import { FastForward } from './fast-forward.ts';
import { InferenceStream } from './inference-stream.ts';
import { mergeSchedules } from './merged-schedule.ts';
import type { MachineOptions, MachineRun, Play } from './play.ts';
import { QUEUES } from './resources.ts';
import { SteadyState } from './steady-state.ts';

/** 2^53 ps. */
const MOST_HOURS = 2.5;

/** Plays a schedule: a stream of inferences that all wait at the door from the start. */
export class Player implements Play {
  readonly #schedule: Schedule;
  readonly #stream: InferenceStream;
  readonly #chip: Assembly;
  readonly #steady: SteadyState | undefined;
  readonly #forward: FastForward | undefined;

  constructor(schedule: Schedule, spec: ArchitectureSpec, table: ActionTable, options: MachineOptions) {
    const { sink, fastForward = true } = options;
    this.#schedule = schedule;
    const stream = (this.#stream = new InferenceStream(options.inferences));
    const chip = (this.#chip = new Assembly(mergeSchedules([schedule]), spec, table, {
      ...{ taskPolicy: options.taskPolicy, sink, parts: schedule.parts },
      played: () => stream.played,
      onAnswer: (inference, _schedule, tick) => {
        stream.complete(inference, tick);
        this.#forward?.look(inference + 1, chip.engine.now);
      },
    }));
    if (!fastForward || sink.snapshot === undefined || sink.repeat === undefined) return;
    const { engine, flow, turns, lockStep, pool, issue, analogCores, resources, waits } = chip;
    const lines = QUEUES.map((queue) => resources[queue]);
    this.#steady = new SteadyState(sink, waits, lines);
    const tasksComplete = (stage: number) => flow.progress[stage]!.tasksComplete;
    this.#forward = new FastForward(this.#steady, stream, issue, [
      (inference, _now, into) => flow.state(inference, into),
      (inference, _now, into) => turns?.state(inference, into),
      (_inference, now, into) => lockStep.state(now, into),
      (inference, now, into) => pool.state(inference, now, tasksComplete, into),
      (inference, now, into) => issue.state(inference, now, into),
      (inference, now, into) => analogCores.state(inference, now, into),
      (_inference, now, into) => lines.forEach((line) => line.state(now, into)),
      (inference, _now, into) => pendingState(engine, schedule.stages, inference, into),
    ]);
  }

  get done(): number {
    return this.#stream.done;
  }

  advance(events: number): boolean {
    const { engine, issue, programming, handlers } = this.#chip;
    return withinTime(() => {
      if (engine.processed === 0 && engine.pending === 0) programming?.begin();
      if (engine.processed === 0) issue.all();
      return engine.run(handlers, { maxEvents: events }) === 'drained';
    });
  }

  result(): MachineRun {
    const { asked, played, passedOver, completions } = this.#stream;
    const { engine, flow, waits, resources } = this.#chip;
    let tasks = 0;
    for (const stage of this.#schedule.stages) {
      const complete = flow.progress[stage.index]!.tasksComplete;
      const expected = played * stage.tasks;
      if (complete !== expected) throw new Error(`stage ${stage.name}: ${complete} of ${expected} tasks ran`);
      tasks += complete;
    }
    const all = Float64Array.from(this.#steady?.unfold(completions, asked) ?? completions);
    return {
      completions: all,
      elapsed: all.reduce((a, b) => Math.max(a, b), engine.now + (this.#steady?.passed ?? 0)),
      events: engine.processed,
      tasks,
      period: this.#steady?.period,
      repeated: passedOver,
      waits: waits.list(),
      occupancy: QUEUES.map((resource, index) => {
        const lines = resources[resource];
        let busy = this.#steady?.repeatedBusy(index) ?? 0;
        for (let line = 0; line < lines.count; line++) busy += lines.busy(line);
        return { resource, busy, servers: lines.count };
      }),
    };
  }
}

/** What a play does, or the Fault of one that takes longer than ticks can count. */
export function withinTime<Result>(play: () => Result): Result {
  try {
    return play();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Fault(`time runs beyond the ${MOST_HOURS} hours that can be simulated`, {
      cure: 'check clocks, rates and bandwidths of the architecture',
    });
  }
}
