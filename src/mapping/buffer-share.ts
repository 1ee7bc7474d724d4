import type { Stage } from './schedule.ts';

/** What of a stage's output says where it lies, and how much it is. */
export type StoredOutput = Pick<Stage, 'homes' | 'tasks' | 'positionsPerTask' | 'outputBytesPerPosition'>;

/**
 * Bytes that each tile of a stage must be able to hold so that any so many positions in a row find room, wherever in the
 * stream they begin: positions of the next inference follow those of this one. Where there are several tiles, tasks count as whole ones.
 */
export function bytesPerTile(stage: StoredOutput, positions: number): ReadonlyMap<number, number> {
  const { homes, tasks, positionsPerTask, outputBytesPerPosition } = stage;
  const held = Math.ceil(positions / positionsPerTask);
  const whole = Math.floor(held / tasks);
  const rest = held - whole * tasks;
  const bytes = positionsPerTask * outputBytesPerPosition;
  const tiles = [...new Set(homes)];
  if (tiles.length === 1) return new Map([[tiles[0]!, positions * outputBytesPerPosition]]);

  const numbers = tiles.reduce((most, tile) => Math.max(most, tile), 0) + 1;
  const [all, now, most] = [new Int32Array(numbers), new Int32Array(numbers), new Int32Array(numbers)];
  for (let task = 0; task < tasks; task++) {
    const home = homes[task]!;
    all[home]!++;
    if (task < rest) most[home] = ++now[home]!;
  }
  // The window of so many tasks slides around.
  for (let task = 0; rest > 0 && task < tasks; task++) {
    now[homes[task]!]!--;
    const last = task + rest;
    const home = homes[last < tasks ? last : last - tasks]!;
    const here = ++now[home]!;
    if (here > most[home]!) most[home] = here;
  }
  return new Map(tiles.map((tile) => [tile, (whole * all[tile]! + most[tile]!) * bytes]));
}
