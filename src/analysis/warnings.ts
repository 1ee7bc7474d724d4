import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { bufferShortage } from '../report/buffer-shortage.ts';
import { amount, duration } from '../report/format.ts';
import type { TurnsReport } from '../report/turns.ts';

/** What makes the figures of a schedule doubtful, or a chip useless for it: cause, values and cure, a sentence each. */
export function warnings(
  schedule: Pick<Schedule, 'buffers' | 'stages' | 'enoughBuffer'>,
  spec: ArchitectureSpec,
  turns: TurnsReport | null,
  stream: StreamPlayed = { inferences: 0, enough: 0 },
): string[] {
  return [...bufferWarnings(schedule), ...wearWarnings(spec, turns), ...paceWarnings(stream)];
}

/** A stream, and how many inferences of it would show its pace. */
export interface StreamPlayed {
  readonly inferences: number;
  readonly enough: number;
}

function paceWarnings({ inferences, enough }: StreamPlayed): string[] {
  if (inferences >= enough) return [];
  const played = inferences === 1 ? 'one inference' : `${inferences} inferences`;
  return [
    `the interval is that of ${played}, with the pipeline still filling or draining: --inferences ${enough} shows the pace of a stream`,
  ];
}

/** A tile whose buffer does not hold what lets its layers work at all. */
export function bufferWarnings({
  buffers,
  stages,
  enoughBuffer,
}: Pick<Schedule, 'buffers' | 'stages' | 'enoughBuffer'>): string[] {
  const shortage = bufferShortage(buffers);
  if (shortage === null) return [];
  const { tile, needed, capacity, tiles } = shortage;
  const worst = buffers.find((use) => use.tile === tile)!;
  const more = tiles === 2 ? 'one more tile has' : `${tiles - 1} more tiles have`;
  const others = tiles === 1 ? '' : `, and ${more} too little`;
  const enough = enoughBuffer ?? needed;
  const spread = enough < needed ? ', with which outputs can be spread over tiles so that all fit' : '';
  return [
    `the buffer of tile ${tile} has ${capacity} bytes, its layers need ${needed} at least (${stages[worst.stage]!.name} ${Math.ceil(worst.ofStage)})${others}: ` +
      `they are played with that least, which holds others up; raise tile.buffer.capacity to ${enough} B or more${spread}`,
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
