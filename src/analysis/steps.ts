import type { Schedule } from '../mapping/schedule.ts';
import type { Hold, Part } from './first-inference.ts';

/** A kind of hold: of a stage, for a part of its work. */
export interface Step {
  readonly stage: number;
  readonly part: Part;
}

/**
 * What the machine does one after the other. A task begins when its sources have written what it needs, its consumers
 * have taken what fills the buffers, and its crossbars are programmed; it reads (buffers, or memory), sends what it read, computes,
 * sends the result and writes it. Where nothing is to be read or sent, that step is left out. Weights are read, when the part of the
 * network before is done, sent, and programmed.
 */
export class Steps {
  readonly #schedule: Schedule;
  readonly #consumers: readonly (readonly number[])[];
  readonly #programmed: readonly Step[];
  /** By part: what its layers write, with which it may be over. */
  readonly #lastOfPart: readonly (readonly Step[])[];

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    const { stages } = schedule;
    this.#consumers = stages.map((stage) =>
      stages
        .filter(({ sources }) => sources.some((source) => source.stage === stage.index))
        .map(({ index }) => index),
    );
    this.#programmed =
      schedule.parts.length === 0 ? [] : stages.map(({ index }) => ({ stage: index, part: 'programming' }));
    this.#lastOfPart = schedule.parts.map((_, part) =>
      stages.flatMap((stage): Step[] =>
        stage.part !== part
          ? []
          : [
              { stage: stage.index, part: 'memory writes' },
              { stage: stage.index, part: 'buffer writes' },
            ],
      ),
    );
  }

  /** The steps that may come directly before a hold, the likeliest first. */
  before({ part, stage }: Hold): readonly Step[] {
    const own = (...parts: Part[]) => parts.map((one) => ({ stage, part: one }));
    switch (part) {
      case 'buffer writes':
        return own('links', 'MVMs', 'vector work', 'MACs', 'memory reads');
      case 'buffer reads':
      case 'memory reads':
        return this.#beginning(stage);
      case 'links':
        return own('buffer reads', 'vector work', 'MACs', 'MVMs', 'memory reads', 'buffer writes');
      case 'MVMs':
      case 'MACs':
        return [...own('links', 'buffer reads', 'memory reads'), ...this.#beginning(stage)];
      case 'vector work':
        return [...own('MACs', 'links', 'MVMs', 'buffer reads', 'memory reads'), ...this.#beginning(stage)];
      case 'memory writes':
        return own('links', 'buffer reads', 'buffer writes');
      case 'programming':
        return own('links', 'memory reads');
      default:
        return [];
    }
  }

  #beginning(stage: number): readonly Step[] {
    const { sources } = this.#schedule.stages[stage]!;
    const written = sources.flatMap((source): Step[] => [
      { stage: source.stage, part: 'buffer writes' },
      { stage: source.stage, part: 'memory writes' },
    ]);
    const answer: Step[] = stage === this.#schedule.output ? [{ stage, part: 'buffer writes' }] : [];
    const taken = this.#consumers[stage]!.flatMap((one): Step[] => [
      { stage: one, part: 'buffer reads' },
      { stage: one, part: 'memory reads' },
    ]);
    const before = this.#lastOfPart[this.#schedule.stages[stage]!.part - 1] ?? [];
    return [...written, ...answer, ...taken, ...this.#programmed, ...before];
  }
}
