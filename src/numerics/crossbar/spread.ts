import { roundHalfEven } from '../../network/quantization.ts';
import { evenly } from '../../mapping/blocks.ts';

/** How inputs or outputs spread over several crossbars. */
export const SPREADS = ['even', 'rounded', 'full'] as const;
export type Spread = (typeof SPREADS)[number];

/** What each of them is, for the schema. */
export const SPREAD_MEANINGS =
  'even: parts differ by one at the most; as CrossSim rounded: all but the last are the rounded mean, full: all but the last are full unless all can be equal';

/** [start, length] of the parts of `total` over crossbars that hold `most` each. */
export function spreadOver(
  total: number,
  most: number,
  spread: Spread,
): readonly (readonly [number, number])[] {
  const parts = Math.ceil(total / most);
  if (spread === 'even' || total % parts === 0) return evenly(total, parts);
  const length = spread === 'full' ? most : roundHalfEven(total / parts);
  return Array.from({ length: parts }, (_, part) => {
    const start = part * length;
    return [start, part < parts - 1 ? length : total - start] as const;
  });
}
