import type { FifoLines } from '../engine/fifo-lines.ts';
import type { ActivitySink } from './activity.ts';
import type { WaitLedger } from './waits.ts';

/** The chip at the end of an inference. */
interface Epoch {
  /** Inferences done. */
  readonly done: number;
  readonly now: number;
  readonly state: Float64Array;
  readonly activities: unknown;
  readonly waits: Float64Array;
  /** Busy ticks of each kind of line. */
  readonly busy: readonly number[];
}

/**
 * Finds out when a stream of inferences repeats itself: when everything that decides the future, relative to the
 * inference and to the clock, is as it was some inferences before, all that follows is as it was then, shifted, until the
 * stream ends. What repeats is counted instead of played: the same numbers to the last bit, as long as they are whole.
 */
export class SteadyState {
  readonly #sink: ActivitySink;
  readonly #waits: WaitLedger;
  readonly #lines: readonly FifoLines[];
  readonly #epochs: Epoch[] = [];
  /** First inference that repeats, how many inferences and ticks a period has, and how many were passed over. */
  #first = 0;
  #period = 0;
  #ticks = 0;
  #skipped = 0;
  #busy: readonly number[] = [];

  constructor(sink: ActivitySink, waits: WaitLedger, lines: readonly FifoLines[]) {
    this.#sink = sink;
    this.#waits = waits;
    this.#lines = lines;
  }

  get found(): boolean {
    return this.#skipped > 0;
  }

  /** Inferences and ticks after which all repeats, once that is known. */
  get period(): { readonly inferences: number; readonly ticks: number } | undefined {
    return this.found ? { inferences: this.#period, ticks: this.#ticks } : undefined;
  }

  /** Shows the chip after `done` inferences, with `left` to come that nobody has heard of; how many to pass over. */
  visit(done: number, now: number, state: readonly number[], left: number): number {
    const epoch: Epoch = {
      done,
      now,
      state: Float64Array.from(state),
      activities: this.#sink.snapshot!(),
      waits: this.#waits.snapshot(),
      busy: this.#lines.map(busyOf),
    };
    const before = this.#epochs.findLast((other) => same(other.state, epoch.state));
    const period = before === undefined ? 0 : done - before.done;
    if (before === undefined || period > left) {
      this.#epochs.push(epoch);
      const bytes = epoch.state.byteLength + epoch.waits.byteLength;
      if (this.#epochs.length > Math.min(LONGEST_PERIOD, Math.max(2, MEMORY_BYTES / bytes)))
        this.#epochs.shift();
      return 0;
    }
    const times = Math.floor(left / period);
    this.#first = done;
    this.#period = period;
    this.#ticks = now - before.now;
    this.#skipped = times * period;
    this.#sink.repeat!(before.activities, times, period);
    this.#waits.repeat(before.waits, times);
    this.#busy = epoch.busy.map((busy, kind) => times * (busy - before.busy[kind]!));
    this.#epochs.length = 0;
    return this.#skipped;
  }

  /** Ticks that were passed over. */
  get passed(): number {
    return this.found ? (this.#skipped / this.#period) * this.#ticks : 0;
  }

  /** Completions of all inferences from those that were played. */
  unfold(played: readonly number[], inferences: number): readonly number[] {
    const all: number[] = [];
    const shift = this.passed;
    for (let inference = 0; inference < inferences; inference++) {
      if (!this.found || inference < this.#first) all.push(played[inference]!);
      else if (inference < this.#first + this.#skipped)
        all.push(all[inference - this.#period]! + this.#ticks);
      else all.push(played[inference - this.#skipped]! + shift);
    }
    return all;
  }

  /** Busy ticks of a kind of line in what was passed over. */
  repeatedBusy(kind: number): number {
    return this.#busy[kind] ?? 0;
  }
}

/** Inferences that are looked back, as far as they fit into memory. */
const LONGEST_PERIOD = 64;
const MEMORY_BYTES = 64 * 1024 * 1024;

function busyOf(lines: FifoLines): number {
  let busy = 0;
  for (let line = 0; line < lines.count; line++) busy += lines.busy(line);
  return busy;
}

function same(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
