/**
 * Quantities over fixed windows of time whose number is bounded: when a play outgrows them, neighbours are joined and
 * the windows are twice as long. Sums (energy by component) stay exact; depths keep their maxima.
 */
export class TraceCounters {
  readonly #from: number;
  readonly #to: number;
  readonly #windows: number;
  readonly #series: number;
  /** [window][series] */
  readonly #sums: Float64Array;
  readonly #depths: Float64Array;
  #width = FIRST_WIDTH;
  #used = 0;
  #depth = 0;
  #since = 0;

  /** Ticks `from` ≤ t < `to` are counted, in at most `windows` windows (even), for `series` sums. */
  constructor(from: number, to: number, windows: number, series: number) {
    this.#from = from;
    this.#to = to;
    this.#windows = windows;
    this.#series = series;
    this.#sums = new Float64Array(windows * series);
    this.#depths = new Float64Array(windows);
  }

  /** Ticks of a window. */
  get width(): number {
    return this.#width;
  }

  /** Windows in which something happened, the first at `from`. */
  get used(): number {
    return this.#used;
  }

  /** Sum of a series in a window. */
  sum(window: number, series: number): number {
    return this.#sums[window * this.#series + series]!;
  }

  /** Largest depth in a window. */
  depth(window: number): number {
    return this.#depths[window]!;
  }

  /** First tick of a window, and behind the last one its end. */
  startOf(window: number): number {
    return Math.min(this.#from + window * this.#width, this.#to);
  }

  /** Spreads an amount evenly over an interval; all of it at `start` when the interval is empty. */
  spread(series: number, amount: number, start: number, end: number): void {
    const first = Math.max(start, this.#from);
    const last = Math.min(end, this.#to);
    if (end <= start) {
      if (start >= this.#from && start < this.#to) this.#sums[this.#slot(start, series)]! += amount;
      return;
    }
    if (last <= first) return;
    this.#reach(last - 1);
    const perTick = amount / (end - start);
    let window = Math.floor((first - this.#from) / this.#width);
    for (let at = first; at < last; window++) {
      const next = Math.min(this.#from + (window + 1) * this.#width, last);
      this.#sums[window * this.#series + series]! += perTick * (next - at);
      at = next;
    }
  }

  /** Something began (+1) or ended (−1) to wait at a tick; ticks never go back. */
  change(by: number, at: number): void {
    this.#hold(at);
    this.#depth += by;
  }

  /** The present depth lasts until a tick: that of the end. */
  close(at: number): void {
    this.#hold(at);
  }

  #hold(at: number): void {
    const first = Math.max(this.#since, this.#from);
    const last = Math.min(at, this.#to);
    if (last > first && this.#depth > 0) {
      this.#reach(last - 1);
      let window = Math.floor((first - this.#from) / this.#width);
      const end = Math.floor((last - 1 - this.#from) / this.#width);
      for (; window <= end; window++) this.#depths[window] = Math.max(this.#depths[window]!, this.#depth);
    }
    this.#since = at;
  }

  #slot(tick: number, series: number): number {
    this.#reach(tick);
    return Math.floor((tick - this.#from) / this.#width) * this.#series + series;
  }

  #reach(tick: number): void {
    while (tick - this.#from >= this.#windows * this.#width) this.#join();
    this.#used = Math.max(this.#used, Math.floor((tick - this.#from) / this.#width) + 1);
  }

  #join(): void {
    const half = this.#windows / 2;
    for (let window = 0; window < half; window++) {
      for (let series = 0; series < this.#series; series++) {
        const left = 2 * window * this.#series + series;
        this.#sums[window * this.#series + series] = this.#sums[left]! + this.#sums[left + this.#series]!;
      }
      this.#depths[window] = Math.max(this.#depths[2 * window]!, this.#depths[2 * window + 1]!);
    }
    this.#sums.fill(0, half * this.#series);
    this.#depths.fill(0, half);
    this.#width *= 2;
    this.#used = Math.ceil(this.#used / 2);
  }
}

/** 1 ns in ticks of 1 ps. */
const FIRST_WIDTH = 1000;
