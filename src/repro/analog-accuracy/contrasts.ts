import type { Comparison } from '../../report/study.ts';
import { above, compare, costs, tells } from '../comparison.ts';
import type { Design } from '../design.ts';
import type { Results } from '../run-points.ts';

/** Whether one design is more accurate than another. */
export function contrastOf(results: Results, what: string, better: Design, worse: Design): Comparison {
  return compare(
    results,
    what,
    [
      [1, better],
      [-1, worse],
    ],
    above,
  );
}

/** Whether a change costs one design more accuracy than another: difference of two losses, if it costs either any. */
export function largerLoss(
  results: Results,
  what: string,
  more: { readonly before: Design; readonly after: Design },
  less: { readonly before: Design; readonly after: Design },
): Comparison {
  return compare(
    results,
    what,
    [
      [1, more.before],
      [-1, more.after],
      [-1, less.before],
      [1, less.after],
    ],
    above,
    tells(results, [more.before, more.after, less.before, less.after]) &&
      [more, less].some(({ before, after }) => costs(results, before, after)),
  );
}
