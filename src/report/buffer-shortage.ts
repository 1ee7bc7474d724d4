import { z } from 'zod';
import type { BufferUse } from '../mapping/schedule.ts';
import { engineering } from './format.ts';

/** Buffers that do not hold what their layers need at least: the tile that lacks most, and how many do. */
export const bufferShortageSchema = z
  .strictObject({
    tile: z.int().describe('whose layers need most'),
    needed: z.int().describe('bytes of its buffer at least'),
    capacity: z.number().describe('bytes that it has'),
    tiles: z.int().describe('with too small a buffer'),
  })
  .describe(
    'buffers that are too small, played as if they had the least that is needed: energy, area, leakage and all that is worked out of them are those of a chip that cannot hold this',
  );

export type BufferShortage = z.output<typeof bufferShortageSchema>;

/** Null where every buffer holds what its layers need at least. */
export function bufferShortage(
  buffers: readonly Pick<BufferUse, 'tile' | 'capacity' | 'least'>[],
): BufferShortage | null {
  const small = buffers.filter(({ least, capacity }) => least > capacity);
  if (small.length === 0) return null;
  const { tile, capacity, least } = small.reduce((a, b) => (b.least > a.least ? b : a));
  return { tile, needed: Math.ceil(least), capacity, tiles: small.length };
}

/** Beside figures that the sentence of a shortage is about. */
export const SHORTAGE_MARK = '†';

/** What a shortage makes of the figures beside its mark. */
export function shortageText({ tile, needed, capacity }: BufferShortage): string {
  return (
    `${SHORTAGE_MARK} buffers too small: figures of a chip that cannot hold this; ` +
    `it needs ${engineering(needed, 'B')} in tile ${tile}, which has ${engineering(capacity, 'B')}`
  );
}

/** A name with the mark where there is a shortage. */
export function marked(name: string, shortage: BufferShortage | null): string {
  return shortage === null ? name : `${name} ${SHORTAGE_MARK}`;
}
