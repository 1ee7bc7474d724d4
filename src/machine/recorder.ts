import type { Stage } from '../mapping/schedule.ts';
import type { Actions } from './actions.ts';
import type { ActivitySink } from './activity.ts';
import type { MvmPlan } from './analog-plan.ts';

/** What is done is done for a stage, and for the inference that its task belongs to. */
export type StageTasks = Pick<Stage, 'index' | 'tasks'>;

/** Tells a sink what happens, in the name of a stage and of the inference that a task belongs to. */
export class Recorder {
  readonly actions: Actions;
  readonly #sink: ActivitySink;

  constructor(actions: Actions, sink: ActivitySink) {
    this.actions = actions;
    this.#sink = sink;
  }

  /** `count` times an action of a unit between two ticks; nothing when the count is 0. */
  record(
    action: number,
    unit: number,
    count: number,
    start: number,
    end: number,
    stage: StageTasks,
    task: number,
  ): void {
    if (count === 0) return;
    this.#sink.record(action, unit, count, start, end, stage.index, Math.floor(task / stage.tasks));
  }

  /** So many more or fewer tasks wait for a digital core. */
  queue(change: number, at: number): void {
    this.#sink.queue?.(change, at);
  }

  /** Everything that one MVM on crossbars does. */
  mvm(plan: MvmPlan, replica: number, start: number, end: number, stage: Stage, task: number): void {
    const { actions } = this;
    const { registerBytes } = plan;
    this.record(actions.registerWrite, replica, registerBytes, start, end, stage, task);
    this.record(actions.registerRead, replica, registerBytes, start, end, stage, task);
    const layer = stage.layers[0]!;
    this.record(actions.driveOf[layer] ?? actions.drive, replica, plan.drives, start, end, stage, task);
    const cellRead = actions.cellReadOf[layer] ?? actions.cellRead;
    this.record(cellRead, replica, plan.cellReads, start, end, stage, task);
    this.record(actions.sample, replica, plan.samples, start, end, stage, task);
    this.record(actions.convert, replica, plan.conversions, start, end, stage, task);
    this.record(actions.add, replica, plan.additions, start, end, stage, task);
  }
}
