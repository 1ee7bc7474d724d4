/**
 * How much later a query is answered than latency and interval alone say, because others are computed beside it: mean
 * ticks by how much of its time those before it (`ahead`) and after it (`behind`) overlap with it. A table of
 * [ahead][behind], measured on the machine under random arrivals.
 */
export interface OverlapTable {
  readonly mean: readonly (readonly number[])[];
}

/** Steps in which a latency of overlap is told apart, and most latencies that are. */
const STEPS = 4;
const MOST = 3;
/** Fewest observations that make a mean. */
const FEWEST = 3;
const SIZE = STEPS * MOST + 1;

/** The row or column of an overlap, in latencies: 0 of none. */
export function overlapClass(overlap: number): number {
  return overlap <= 0 ? 0 : 1 + Math.min(SIZE - 2, Math.floor(STEPS * overlap));
}

/** Collects what was observed, and makes the table of it. */
export class OverlapBuilder {
  readonly #sums = Array.from({ length: SIZE }, () => new Float64Array(SIZE));
  readonly #counts = Array.from({ length: SIZE }, () => new Float64Array(SIZE));

  add(ahead: number, behind: number, ticks: number): void {
    this.#sums[ahead]![behind] = this.#sums[ahead]![behind]! + ticks;
    this.#counts[ahead]![behind] = this.#counts[ahead]![behind]! + 1;
  }

  /** Where too little was observed, the nearest column of the row, then of rows with less before it. */
  table(): OverlapTable {
    const mean = this.#sums.map((_, ahead) => this.#sums.map((__, behind) => this.#nearest(ahead, behind)));
    return { mean };
  }

  #nearest(ahead: number, behind: number): number {
    // Nobody before and nobody behind: exactly what latency says.
    if (ahead === 0 && behind === 0) return 0;
    for (let row = ahead; row >= 0; row--) {
      for (let away = 0; away < SIZE; away++) {
        for (const column of [behind - away, behind + away]) {
          if ((this.#counts[row]![column] ?? 0) < FEWEST) continue;
          return this.#sums[row]![column]! / this.#counts[row]![column]!;
        }
      }
    }
    return 0;
  }
}

/** A query on its way, as the overlap of others with it is told. Ticks. */
export interface Overlapped {
  /** When it entered, and those entered that came after it on the same pipeline. */
  readonly entered: number;
  readonly followers: readonly number[];
}

/** Classes of a query's overlaps: with the one before it, answered at `before`, and with its followers until `base`. */
export function overlapsOf(
  { entered, followers }: Overlapped,
  before: number,
  base: number,
  latency: number,
): readonly [ahead: number, behind: number] {
  let behind = 0;
  for (const follower of followers) behind += Math.min(1, Math.max(0, (base - follower) / latency));
  return [overlapClass((before - entered) / latency), overlapClass(behind)];
}
