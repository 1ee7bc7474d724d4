import type { ActivitySink } from './activity.ts';

/** Observer of when the inferences of a stream enter the chip: once the last one has, the pipeline drains. */
export class Entries implements ActivitySink {
  /** By inference: tick of its first activity. */
  readonly at: Float64Array;

  constructor(inferences: number) {
    this.at = new Float64Array(inferences).fill(Number.POSITIVE_INFINITY);
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
    if (start < this.at[inference]!) this.at[inference] = start;
  }

  snapshot(): undefined {
    return undefined;
  }

  /** Where inferences repeat, their period is the interval, and nobody asks. */
  repeat(): void {}
}

/** Ticks at which the inferences of a stream enter, ascending but for those that overtake, and at which they are answered. */
export interface Stream {
  readonly entries: Float64Array;
  readonly completions: Float64Array;
}

/**
 * Ticks between answers when inferences never run out, from a stream. Answers that come once as many as are in flight have been
 * answered, while inferences still enter, show it. Answers come in bursts where many are in flight, so the two halves of them are compared
 * by their middles, not one answer with another. When the pipeline is so deep that there are hardly any, the second half of
 * all must do, which a draining pipeline makes too fast. In no case faster than the busiest resource can be (`load`, ticks of
 * an inference).
 */
export function steadyInterval(stream: Stream, load: number): number {
  const { completions } = stream;
  if (completions.length === 1) return completions[0]!;
  const { from, to } = steadyAnswers(stream);
  const pace =
    to - from >= FEWEST ? paceOfHalves(completions.subarray(from, to)) : paceOfSecondHalf(completions);
  return Math.max(pace, load);
}

/** Whether there are answers enough to show the pace, and bursts of them to hide where they begin and end. */
export function isSteady(stream: Stream): boolean {
  const { from, to } = steadyAnswers(stream);
  return to - from >= Math.max(FEWEST, 4 * inFlight(stream));
}

/** Inferences of a stream long enough to show the pace to about a hundredth, by what a shorter one showed; at least so many. */
export function steadyLength(stream: Stream): number {
  return 12 * inFlight(stream);
}

/** Answers with which half of them still are some. */
const FEWEST = 8;

function steadyAnswers(stream: Stream): { from: number; to: number } {
  const { entries, completions } = stream;
  const last = entries.reduce((latest, tick) => Math.max(latest, tick), 0);
  const to = completions.findIndex((tick) => tick > last);
  return { from: Math.max(inFlight(stream), Math.floor(to / 4)), to };
}

/** Inferences that had entered when the first was answered. */
function inFlight({ entries, completions }: Stream): number {
  const first = completions[0]!;
  return entries.reduce((count, tick) => count + Number(tick <= first), 0);
}

function paceOfHalves(answers: Float64Array): number {
  const half = answers.length >> 1;
  const apart = answers.length - half;
  let sum = 0;
  for (let answer = 0; answer < half; answer++) sum += answers[answer + apart]! - answers[answer]!;
  return sum / (half * apart);
}

function paceOfSecondHalf(completions: Float64Array): number {
  const last = completions.length - 1;
  const from = Math.floor(last / 2);
  return (completions[last]! - completions[from]!) / (last - from);
}
