/**
 * A union of intervals in a bounded number of pieces: where there would be more, the shortest gaps are closed.
 * Exact as long as no more than four times that number are apart at once.
 */
export class Intervals {
  readonly #most: number;
  readonly #pieces: [number, number][] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(start: number, end: number): void {
    const pieces = this.#pieces;
    let at = pieces.length;
    while (at > 0 && pieces[at - 1]![0] > start) at -= 1;
    const before = pieces[at - 1];
    let joined: [number, number];
    if (before !== undefined && before[1] >= start) {
      before[1] = Math.max(before[1], end);
      joined = before;
    } else {
      joined = [start, end];
      pieces.splice(at, 0, joined);
      at += 1;
    }
    while (at < pieces.length && pieces[at]![0] <= joined[1]) {
      joined[1] = Math.max(joined[1], pieces[at]![1]);
      pieces.splice(at, 1);
    }
    if (pieces.length > 4 * this.#most) closeGaps(pieces, 2 * this.#most);
  }

  /** Ascending and apart from each other. */
  pieces(): readonly (readonly [number, number])[] {
    return inFewer(this.#pieces, this.#most);
  }
}

/** Ascending intervals in at most so many pieces: the shortest gaps are closed. */
export function inFewer(
  ascending: readonly (readonly [number, number])[],
  most: number,
): readonly (readonly [number, number])[] {
  const pieces = ascending.map(([start, end]): [number, number] => [start, end]);
  closeGaps(pieces, most);
  return pieces;
}

function closeGaps(pieces: [number, number][], most: number): void {
  while (pieces.length > most) {
    let shortest = 1;
    for (let at = 2; at < pieces.length; at++) {
      if (gap(pieces, at) < gap(pieces, shortest)) shortest = at;
    }
    pieces[shortest - 1]![1] = pieces[shortest]![1];
    pieces.splice(shortest, 1);
  }
}

function gap(pieces: readonly [number, number][], at: number): number {
  return pieces[at]![0] - pieces[at - 1]![1];
}
