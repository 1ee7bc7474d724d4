import { seriesColour } from '../colours.ts';
import type { Drawing } from '../drawing.ts';
import { type Box, boxChart } from './box-chart.ts';
import { rowFrame, type Size } from './rows.ts';

export const TORNADO_COLOURS = { less: seriesColour(0), more: seriesColour(1) } as const;

/** What a figure becomes when one part after the other costs a little less or more. */
export interface Tornado {
  readonly title: string;
  /** What changes, such as `energy per inference`. */
  readonly quantity: string;
  /** Fractions by which it changes; the widest row first. */
  readonly rows: readonly { readonly name: string; readonly less: number; readonly more: number }[];
  /** Change of a part: 0.1 for ±10 %. */
  readonly change: number;
}

const ROW_HEIGHT = 24;

/** Bars to both sides of what it is now. */
export function tornadoChart({ title, quantity, rows, change }: Tornado, size: Size): Drawing {
  const widest = Math.max(...rows.flatMap(({ less, more }) => [Math.abs(less), Math.abs(more)]), 1e-6) * 100;
  const percentOf = (fraction: number, decimals = 2) =>
    `${fraction < 0 ? '−' : '+'}${Math.abs(fraction * 100).toFixed(decimals)} %`;
  const boxes = rows.flatMap(({ name, less, more }, row): Box[] => {
    const [top, bottom] = [row * ROW_HEIGHT + 3, (row + 1) * ROW_HEIGHT - 3];
    const middle = (top + bottom) / 2;
    // Where both lead to the same side they would cover each other: each has its half of the row.
    const apart = less * more > 0;
    const bar = (to: number, y: number, y2: number, fill: string, sign: string) => ({
      ...{ x: Math.min(0, 100 * to), x2: Math.max(0, 100 * to), y, y2, fill },
      text: `${name} ${sign}${(100 * change).toFixed(0)} %: ${quantity} ${percentOf(to)}`,
    });
    return [
      bar(less, top, apart ? middle : bottom, TORNADO_COLOURS.less, '−'),
      bar(more, apart ? middle : top, bottom, TORNADO_COLOURS.more, '+'),
    ].filter(({ x, x2 }) => x2 > x);
  });
  const short = (fraction: number) => percentOf(fraction, 1).replace(' %', '');
  const named = rows.map(({ name, less, more }) => ({
    name,
    ...(size === 'wide' ? { figure: `${short(less)} … ${short(more)}` } : {}),
  }));
  const frame = rowFrame(size, named, ROW_HEIGHT, [-widest, widest]);
  const axis = { title: `change of ${quantity} (%)`, ticks: size === 'wide' ? 9 : 4 };
  const description = `${rows.length} parts, each ${(100 * change).toFixed(0)} % less and more; most: ${rows[0]?.name ?? 'none'}`;
  return { title, description, spec: boxChart({ ...frame, axis, boxes }) };
}
