import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { CriticalPath } from '../report/analysis.ts';
import { Causes } from './causes.ts';
import type { Hold, Part } from './first-inference.ts';
import { HoldIndex } from './hold-index.ts';

/** A stretch of the critical path, in ticks. */
export interface Piece {
  readonly stage: number;
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/**
 * The chain of holds that determined when the first inference ended: from its last hold backward, each time to what the
 * hold waited for. Time between the two (routers, memory latency, the tail of an MVM's pipeline) is a piece of its
 * own. Pieces follow each other from 0 to the latency (ticks) without a gap, so they add up to it exactly.
 */
export function criticalPieces(
  recorded: readonly Hold[],
  latency: number,
  schedule: Schedule,
  spec: ArchitectureSpec,
): readonly Piece[] {
  const index = new HoldIndex(recorded);
  const causes = new Causes(index, schedule, spec);
  const pieces: Piece[] = [];
  const push = (stage: number, part: Part, from: number, to: number) => {
    if (to > from) pieces.push({ stage, part, from, to });
  };
  let hold = lastHold(index.holds, latency);
  if (hold === undefined) return latency > 0 ? [{ stage: 0, part: 'waiting', from: 0, to: latency }] : [];
  push(hold.stage, 'waiting', hold.end, latency);
  push(hold.stage, hold.part, hold.start, hold.end);
  const used = new Set<Hold>([hold]);
  for (;;) {
    const cause = causes.of(hold, used);
    if (cause === undefined) {
      push(hold.stage, 'waiting', 0, hold.start);
      return pieces.reverse();
    }
    const next = cause.hold;
    push(next.stage, cause.delay, cause.began ? next.start : next.end, hold.start);
    if (!cause.began) push(next.stage, next.part, next.start, next.end);
    used.add(next);
    hold = next;
  }
}

// Positions that no later layer needs may still be computed when the answer is there.
function lastHold(holds: readonly Hold[], latency: number): Hold | undefined {
  let last: Hold | undefined;
  for (const hold of holds) {
    if (hold.end > latency || hold.end < (last?.end ?? 0)) continue;
    if (last === undefined || hold.end > last.end || hold.part === 'memory writes') last = hold;
  }
  return last;
}

/** Its pieces by layer and part, and by layer in time, in s. */
export function criticalPath(pieces: readonly Piece[], layerOfStage: readonly string[]): CriticalPath {
  const parts = new Map<string, { layer: string; part: string; time: number; steps: number }>();
  const segments: { layer: string; from: number; to: number }[] = [];
  for (const { stage, part, from, to } of pieces) {
    const layer = layerOfStage[stage]!;
    const key = `${layer}\n${part}`;
    const sum = parts.get(key) ?? { layer, part, time: 0, steps: 0 };
    parts.set(key, { ...sum, time: sum.time + (to - from), steps: sum.steps + 1 });
    const last = segments.at(-1);
    if (last?.layer === layer) last.to = to;
    else segments.push({ layer, from, to });
  }
  const seconds = (ticks: number) => ticks / TICKS_PER_SECOND;
  return {
    latency: seconds(pieces.at(-1)?.to ?? 0),
    parts: [...parts.values()].map((part) => ({ ...part, time: seconds(part.time) })),
    segments: segments.map(({ layer, from, to }) => ({ layer, from: seconds(from), to: seconds(to) })),
  };
}

const TICKS_PER_SECOND = 1e12;
