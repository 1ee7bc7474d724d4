import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { amount, duration } from '../report/format.ts';
import type { TurnsReport } from '../report/turns.ts';

/** What makes the figures of a schedule doubtful, or a chip useless for it: cause, values and cure, a sentence each. */
export function warnings(
  schedule: Pick<Schedule, 'buffers' | 'stages'>,
  spec: ArchitectureSpec,
  turns: TurnsReport | null,
  stream: { readonly inferences: number; readonly steady: boolean } = { inferences: 0, steady: true },
): string[] {
  return [...bufferWarnings(schedule), ...wearWarnings(spec, turns), ...paceWarnings(stream)];
}

/** Inferences from which on a deep pipeline shows its pace as well as it ever does. */
const ENOUGH = 32;

function paceWarnings({ inferences, steady }: { inferences: number; steady: boolean }): string[] {
  if (steady || inferences >= ENOUGH) return [];
  const played = inferences === 1 ? 'one inference' : `${inferences} inferences`;
  return [
    `the interval is that of ${played}, with the pipeline still filling or draining: --inferences ${ENOUGH} shows the pace of a stream`,
  ];
}

/** A tile whose buffer does not hold what lets its layers work at all. */
export function bufferWarnings({ buffers, stages }: Pick<Schedule, 'buffers' | 'stages'>): string[] {
  const small = buffers.filter(({ least, capacity }) => least > capacity);
  if (small.length === 0) return [];
  const worst = small.reduce((a, b) => (b.least > a.least ? b : a));
  const [needed, ofStage] = [Math.ceil(worst.least), Math.ceil(worst.ofStage)];
  const others = small.length === 1 ? '' : `, and ${small.length - 1} more tiles have too little`;
  return [
    `the buffer of tile ${worst.tile} has ${worst.capacity} bytes, its layers need ${needed} at least (${stages[worst.stage]!.name} ${ofStage})${others}: ` +
      `they are played with that least, which holds others up; raise tile.buffer.capacity to ${needed} B or more`,
  ];
}

function wearWarnings(spec: ArchitectureSpec, turns: TurnsReport | null): string[] {
  const programming = spec.analogCore?.programming;
  if (programming?.lifetime === undefined || !turns?.lifetime) return [];
  const { endurance, lifetime } = programming;
  const { inferences, time } = turns.lifetime;
  if (time >= lifetime) return [];
  return [
    `cells that last ${amount(endurance!, 'writes')} reach them after ${amount(inferences, 'inferences')}, ${duration(time)} at full load, ` +
      `before the ${duration(lifetime)} of analogCore.programming.lifetime: raise its batch, or use more tiles or chips`,
  ];
}
