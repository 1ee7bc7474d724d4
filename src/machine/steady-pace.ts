import type { ActivitySink } from './activity.ts';

/** Observer of when the last inference of a stream enters the chip: from then on the pipeline drains. */
export class LastEntry implements ActivitySink {
  readonly #last: number;
  /** Tick of its first activity. */
  at = Number.POSITIVE_INFINITY;

  constructor(inferences: number) {
    this.#last = inferences - 1;
  }

  record(
    _action: number,
    _unit: number,
    _count: number,
    start: number,
    _end: number,
    _stage: number,
    inference: number,
  ): void {
    if (inference === this.#last && start < this.at) this.at = start;
  }

  snapshot(): undefined {
    return undefined;
  }

  /** Where inferences repeat, their period is the interval, and nobody asks. */
  repeat(): void {}
}

/**
 * Ticks between answers when inferences never run out, from the completions of a stream. Answers that come while inferences
 * still enter show it, the first half of them left out because it fills the pipeline. When the pipeline is so deep that
 * there are hardly any, the second half of all must do, which a draining pipeline makes too fast: but no faster than the
 * busiest resource can be (`load`, ticks of an inference).
 */
export function steadyInterval(completions: Float64Array, lastEntry: number, load: number): number {
  const count = completions.length;
  if (count === 1) return completions[0]!;
  const full = answersBefore(completions, lastEntry);
  if (full >= FEWEST) return meanOfSecondHalf(completions.subarray(0, full));
  return Math.max(meanOfSecondHalf(completions), load);
}

/** Whether there are answers enough, while inferences still enter, to show the pace. */
export function isSteady(completions: Float64Array, lastEntry: number): boolean {
  return answersBefore(completions, lastEntry) >= FEWEST;
}

function answersBefore(completions: Float64Array, lastEntry: number): number {
  return completions.findIndex((tick) => tick > lastEntry);
}

/** Answers with which half of them still are some. */
const FEWEST = 8;

function meanOfSecondHalf(completions: Float64Array): number {
  const last = completions.length - 1;
  const from = Math.floor(last / 2);
  return (completions[last]! - completions[from]!) / (last - from);
}
