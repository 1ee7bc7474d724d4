import type { Drawing } from '../drawing.ts';
import { percent } from '../format.ts';
import { type Box, boxChart } from './box-chart.ts';
import { rowFrame, type Size } from './rows.ts';

/** A share of each row with the half width of its interval; null where it is not known. */
export interface IntervalBars {
  readonly title: string;
  readonly description: string;
  readonly quantity: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly interval: number | null;
    readonly colour: string;
  }[];
}

const ROW = 28;

/** Horizontal bars from 0 with a whisker over each, in percent. */
export function intervalBars({ title, description, quantity, rows }: IntervalBars, size: Size): Drawing {
  const ends = rows.flatMap(({ value, interval }) => [value - (interval ?? 0), value + (interval ?? 0)]);
  const low = 100 * Math.min(0, ...ends);
  const high = 100 * Math.max(0, ...ends);
  const domain = [low, high > low ? high : low + 1] as const;
  const boxes = rows.flatMap(({ name, value, interval, colour }, row): Box[] => {
    const middle = (row + 0.5) * ROW;
    const text = `${name}: ${intervalText(value, interval)}`;
    const [from, to] = value < 0 ? [100 * value, 0] : [0, 100 * value];
    const bar = { x: from, x2: to, y: row * ROW + 5, y2: (row + 1) * ROW - 5, fill: colour, text };
    if (interval === null) return [bar];
    const whisker = { y: middle - 1.5, y2: middle + 1.5, fill: 'var(--ink)', text };
    return [bar, { ...whisker, x: 100 * (value - interval), x2: 100 * (value + interval) }];
  });
  const named = rows.map(({ name, value }) => ({ name, figure: percent(value, 2) }));
  const axis = { title: `${quantity} (%)`, ticks: size === 'wide' ? 8 : 4 };
  return { title, description, spec: boxChart({ ...rowFrame(size, named, ROW, domain), axis, boxes }) };
}

/** A share with its interval. */
export function intervalText(value: number, interval: number | null): string {
  return interval === null ? percent(value, 2) : `${percent(value, 2)} ± ${percent(interval, 2)}`;
}
