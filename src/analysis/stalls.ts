import type { Wait } from '../machine/waits.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { Stalls } from '../report/analysis.ts';

/** The waits of a play by layer, in s per inference, the longest first. */
export function stalls(
  waits: readonly Wait[],
  stages: readonly Stage[],
  layerOfStage: readonly string[],
  inferences: number,
): Stalls {
  const found = new Map<string, Stalls[number]>();
  for (const { resource, waiter, holder, ticks } of waits) {
    const buffer = resource === 'room' ? bufferOf(stages[waiter]!) : null;
    const names = { layer: layerOfStage[waiter]!, resource, buffer, holder: layerOfStage[holder]! };
    const key = JSON.stringify(names);
    const time = (found.get(key)?.time ?? 0) + ticks / inferences / TICKS_PER_SECOND;
    found.set(key, { ...names, time });
  }
  return [...found.values()].sort((a, b) => b.time - a.time);
}

/** The buffers that hold what a stage makes, in words. */
function bufferOf({ homes }: Stage): string {
  const tiles = [...new Set(homes)].sort((a, b) => a - b);
  if (tiles.length === 1) return `buffer of tile ${tiles[0]}`;
  const shown = tiles.slice(0, MOST_TILES).join(', ');
  const others = tiles.length - MOST_TILES;
  return `buffers of tiles ${shown}${others > 0 ? ` and ${others} more` : ''}`;
}

const MOST_TILES = 3;
const TICKS_PER_SECOND = 1e12;
