import type { Wait } from '../machine/waits.ts';
import type { Stalls } from '../report/analysis.ts';

/** The waits of a play by layer, in s per inference, the longest first. */
export function stalls(waits: readonly Wait[], layerOfStage: readonly string[], inferences: number): Stalls {
  const found = new Map<string, Stalls[number]>();
  for (const { resource, waiter, holder, ticks } of waits) {
    const names = { layer: layerOfStage[waiter]!, resource, holder: layerOfStage[holder]! };
    const key = JSON.stringify(names);
    const time = (found.get(key)?.time ?? 0) + ticks / inferences / TICKS_PER_SECOND;
    found.set(key, { ...names, time });
  }
  return [...found.values()].sort((a, b) => b.time - a.time);
}

const TICKS_PER_SECOND = 1e12;
