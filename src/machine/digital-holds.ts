import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { digitalTaskCycles } from '../mapping/digital-work.ts';
import type { DigitalStage, Stage } from '../mapping/schedule.ts';
import { ticks } from './ticks.ts';

/** Ticks that a digital core works on each task of an inference, inputs there. */
export class DigitalHolds {
  /** By stage: of a task, and of the last one, which may have fewer positions. */
  readonly #whole: readonly number[];
  readonly #last: readonly number[];

  constructor(stages: readonly Stage[], spec: ArchitectureSpec) {
    const holds = (positionsOf: (stage: Stage) => number) =>
      stages.map((stage) => (stage.kind === 'digital' ? holdOf(stage, positionsOf(stage), spec) : 0));
    this.#whole = holds(({ positions, positionsPerTask }) => Math.min(positions, positionsPerTask));
    this.#last = holds(
      ({ positions, positionsPerTask, tasks }) => positions - (tasks - 1) * positionsPerTask,
    );
  }

  /** Of a task, 0 to tasks − 1, of a digital stage. */
  of({ index, tasks }: Stage, task: number): number {
    return task === tasks - 1 ? this.#last[index]! : this.#whole[index]!;
  }
}

function holdOf(stage: DigitalStage, positions: number, { digitalCore }: ArchitectureSpec): number {
  const operations = stage.operationsPerPosition * positions;
  const { mac, vector } = digitalTaskCycles(digitalCore!, stage.product, positions, operations);
  return ticks((mac + vector) / digitalCore!.clock);
}
