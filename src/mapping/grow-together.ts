/** A tile: those that share its room, which is of any unit. */
export interface SharedRoom {
  readonly stages: readonly number[];
  readonly room: number;
}

/**
 * Share of what it wants that each stage gets, 0 to 1. All shares grow together; where a tile is full, those of its stages
 * stop, and the others grow on: max-min fair shares, weighted by what is wanted (Bertsekas & Gallager, Data Networks, 6.5.2).
 * A stage takes `wanted` of the room of each tile that it is in.
 */
export function growTogether(wanted: readonly number[], rooms: readonly SharedRoom[]): readonly number[] {
  const shares = wanted.map(() => 1);
  const growing = new Set(wanted.keys());
  const tiles = new Set(rooms);
  while (tiles.size > 0) {
    let [first, level] = [undefined as SharedRoom | undefined, 1];
    for (const tile of tiles) {
      let [room, rate] = [tile.room, 0];
      for (const stage of tile.stages) {
        if (growing.has(stage)) rate += wanted[stage]!;
        else room -= shares[stage]! * wanted[stage]!;
      }
      // One in which nothing grows any more.
      if (rate === 0) tiles.delete(tile);
      else if (Math.max(0, room) / rate < level) [first, level] = [tile, Math.max(0, room) / rate];
    }
    if (first === undefined) break;
    for (const stage of first.stages) if (growing.delete(stage)) shares[stage] = level;
    tiles.delete(first);
  }
  return shares;
}
