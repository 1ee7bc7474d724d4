import type { Engine } from '../engine/engine.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { PROGRAMMED } from './events.ts';
import type { Issue } from './issue.ts';
import type { Recorder } from './recorder.ts';
import { ticks } from './ticks.ts';
import type { Turns } from './turns.ts';

/** Programs the crossbars for the parts of a network that is larger than the chip, turn by turn. */
export class Programming {
  readonly #engine: Engine;
  readonly #schedule: Pick<Schedule, 'stages' | 'parts'>;
  readonly #turns: Turns;
  readonly #issue: Issue;
  readonly #recorder: Recorder;
  /** s of a word line. */
  readonly #rowTime: number;

  constructor(
    engine: Engine,
    schedule: Pick<Schedule, 'stages' | 'parts'>,
    turns: Turns,
    issue: Issue,
    recorder: Recorder,
    rowTime: number,
  ) {
    this.#engine = engine;
    this.#schedule = schedule;
    this.#turns = turns;
    this.#issue = issue;
    this.#recorder = recorder;
    this.#rowTime = rowTime;
  }

  /** Programs the next part when the present one is over, for a stream of so many inferences. */
  goOn(inferences: number): void {
    if (this.#turns.isOver(inferences)) this.begin();
  }

  /** Programs the next part. */
  begin(): void {
    const part = this.#turns.next();
    const { now } = this.#engine;
    const { rows, cells } = this.#schedule.parts[part]!;
    const end = now + ticks(rows * this.#rowTime);
    const { program } = this.#recorder.actions;
    for (const { stage: index, cells: count } of cells) {
      const stage = this.#schedule.stages[index]!;
      this.#recorder.record(program, 0, count, now, end, stage, this.#issue.next(index));
    }
    this.#engine.at(end, PROGRAMMED);
  }

  /** The crossbars hold the part. */
  end(): void {
    this.#turns.begin();
    this.#issue.all();
  }
}
