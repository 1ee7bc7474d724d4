import type { Engine } from '../engine/engine.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { layerWrites } from '../mapping/crossbar-contents.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Answers } from './answers.ts';
import type { CrossbarWriter, WrittenLayer } from './crossbar-writer.ts';
import { PROGRAMMED, WEIGHTS_THERE } from './events.ts';
import type { Issue } from './issue.ts';
import { programmingPlan } from './programming-plan.ts';
import type { Resources } from './resources.ts';
import type { Turns } from './turns.ts';

/** Programs the crossbars for the parts of a network that is larger than the chip, turn by turn. */
export class Programming {
  readonly #engine: Engine;
  readonly #turns: Turns;
  readonly #issue: Issue;
  readonly #answers: Answers;
  readonly #writer: CrossbarWriter;
  /** By part. */
  readonly #layers: readonly (readonly Omit<WrittenLayer, 'task'>[])[];

  constructor(
    engine: Engine,
    { stages, parts }: Pick<Schedule, 'stages' | 'parts'>,
    turns: Turns,
    { issue, answers }: { readonly issue: Issue; readonly answers: Answers },
    writer: CrossbarWriter,
    { spec, resources }: { readonly spec: ArchitectureSpec; readonly resources: Resources },
  ) {
    this.#engine = engine;
    this.#turns = turns;
    this.#issue = issue;
    this.#answers = answers;
    this.#writer = writer;
    this.#layers = parts.map(({ cells }) =>
      cells.map(({ stage: index }) => {
        const stage = stages[index]!;
        if (stage.kind !== 'analog') throw new Error(`stage ${stage.name} has no crossbars`);
        return { stage, plan: programmingPlan(layerWrites(stage, spec), spec, resources) };
      }),
    );
  }

  /** Programs the next part when the present one is over, for a stream of so many inferences. */
  goOn(inferences: number): void {
    if (this.#turns.isOver(inferences, this.#answers.atMemory(0))) this.begin();
  }

  /** Programs the next part. */
  begin(): void {
    const part = this.#turns.next();
    const { now } = this.#engine;
    const layers = this.#layers[part]!.map((layer) => ({
      ...layer,
      task: this.#issue.next(layer.stage.index),
    }));
    const { end, held, last } = this.#writer.write(layers, now);
    this.#turns.programmedLast(last);
    this.#engine.at(now + held, WEIGHTS_THERE);
    this.#engine.at(end, PROGRAMMED);
  }

  /** From now on word lines are what the part waits for. */
  weightsThere(): void {
    this.#turns.write();
    this.#issue.all();
  }

  /** The crossbars hold the part. */
  end(): void {
    this.#turns.begin();
    this.#issue.all();
  }
}
