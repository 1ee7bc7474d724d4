/** A tile: those that share its room, and how much of it each wants; of any unit. */
export interface SharedRoom {
  readonly stages: readonly number[];
  /** Beside `stages`. */
  readonly wanted: readonly number[];
  readonly room: number;
}

/**
 * Share of what it wants that each of so many stages gets, 0 to 1. All shares grow together; where a tile is full, those of its stages
 * stop, and the others grow on: max-min fair shares, weighted by what is wanted (Bertsekas & Gallager, Data Networks, 6.5.2).
 * A stage takes the same share of what it wants in each of its tiles.
 */
export function growTogether(count: number, rooms: readonly SharedRoom[]): readonly number[] {
  const shares = new Array<number>(count).fill(1);
  const growing = new Set(shares.keys());
  const tiles = new Set(rooms);
  while (tiles.size > 0) {
    let [first, level] = [undefined as SharedRoom | undefined, 1];
    for (const tile of tiles) {
      let [room, rate] = [tile.room, 0];
      tile.stages.forEach((stage, at) => {
        if (growing.has(stage)) rate += tile.wanted[at]!;
        else room -= shares[stage]! * tile.wanted[at]!;
      });
      // One in which nothing grows any more.
      if (rate === 0) tiles.delete(tile);
      else if (Math.max(0, room) / rate < level) [first, level] = [tile, Math.max(0, room) / rate];
    }
    if (first === undefined) break;
    first.stages.forEach((stage, at) => {
      if (first.wanted[at]! > 0 && growing.delete(stage)) shares[stage] = level;
    });
    tiles.delete(first);
  }
  return shares;
}
