import { LatencyHistogram } from './latency-histogram.ts';

/** What became of the queries of one model: those that came after the warm-up. */
export class ModelCounts {
  offered = 0;
  onTime = 0;
  late = 0;
  /** Turned away at the door because the line was full; given up in line. */
  droppedFull = 0;
  droppedEarly = 0;
  /** Right answers; of those in time. */
  right = 0;
  rightOnTime = 0;
  /** Sum of the expected accuracies of the answers; of those in time. */
  expected = 0;
  expectedOnTime = 0;
  /** Answers whose cut is less accurate than their query asked for. */
  belowQuality = 0;
  /** Answers that were computed once more. */
  again = 0;
  readonly answersByCut: Float64Array;
  readonly latency = new LatencyHistogram();
  /** Of the window that goes on: offered, answered, in time, dropped, right, and by cut. */
  readonly window: WindowCounts;

  constructor(cuts: number) {
    this.answersByCut = new Float64Array(cuts);
    this.window = new WindowCounts(cuts);
  }

  get answered(): number {
    return this.onTime + this.late;
  }

  get dropped(): number {
    return this.droppedFull + this.droppedEarly;
  }
}

/** What became of the queries of one model in one window of time. */
export class WindowCounts {
  offered = 0;
  answered = 0;
  onTime = 0;
  dropped = 0;
  right = 0;
  expected = 0;
  readonly answersByCut: Float64Array;
  readonly latency = new LatencyHistogram(6);

  constructor(cuts: number) {
    this.answersByCut = new Float64Array(cuts);
  }

  clear(): void {
    this.offered = this.answered = this.onTime = this.dropped = this.right = this.expected = 0;
    this.answersByCut.fill(0);
    this.latency.clear();
  }
}
