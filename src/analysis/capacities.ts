import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { withLineBuffers } from '../mapping/line-buffers.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { TimedPart } from './timed-parts.ts';

/** So many times as large is as good as endless. */
const ENDLESS = 1e6;

/** What can be larger or wider, and takes no other time for itself: room in buffers, and links whose routers stay as they are. */
export function capacities(spec: ArchitectureSpec): readonly TimedPart[] {
  const { chip, tile } = spec;
  const { interconnect } = chip;
  const parts: TimedPart[] = [
    {
      part: BUFFER_CAPACITY,
      faster: (size) => ({
        ...spec,
        tile: {
          ...tile,
          buffer: { ...tile.buffer, capacity: tile.buffer.capacity * Math.min(size, ENDLESS) },
        },
      }),
    },
  ];
  if (tileCount(spec) > 1) {
    parts.push({
      part: 'link width',
      faster: (width) => ({
        ...spec,
        chip: {
          ...chip,
          interconnect: { ...interconnect, linkBandwidth: interconnect.linkBandwidth * width },
        },
      }),
    });
  }
  return parts;
}

/** Name of the room in the buffers of tiles. */
export const BUFFER_CAPACITY = 'buffer capacity';

/** The same plan, its stages with what buffers of another size grant them. */
export function withBuffersOf(schedule: Schedule, spec: ArchitectureSpec): Schedule {
  return { ...schedule, ...withLineBuffers(schedule.stages, schedule.output, spec) };
}
