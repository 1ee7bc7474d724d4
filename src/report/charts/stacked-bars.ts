import { engineering, prefixOf } from '../format.ts';
import type { Drawing } from '../drawing.ts';
import { type Box, boxChart } from './box-chart.ts';
import { rowFrame, type Size } from './rows.ts';

/** A quantity of each row, in coloured parts. */
export interface StackedBars {
  readonly title: string;
  readonly description: string;
  /** What is stacked, such as `energy per inference`, and its SI unit. */
  readonly quantity: string;
  readonly unit: string;
  readonly rows: readonly {
    readonly name: string;
    readonly parts: readonly { readonly name: string; readonly value: number; readonly colour: string }[];
  }[];
}

/** Parts of the longest bar that are too small to be seen: a fifth of a pixel. */
const LEAST = 2e-4;

/** Horizontal bars from 0, the total beside each. */
export function stackedBars({ title, description, quantity, unit, rows }: StackedBars, size: Size): Drawing {
  const totals = rows.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const largest = Math.max(...totals, Number.MIN_VALUE);
  const [scale, letter] = prefixOf(largest);
  const height = rows.length > 30 ? 18 : 26;
  const boxes = rows.flatMap(({ name, parts }, row): Box[] => {
    let at = 0;
    return parts
      .filter(({ value }) => value > 0)
      .map((part) => {
        const x = at;
        at += part.value;
        const share = `${((100 * part.value) / totals[row]!).toFixed(1)} % of ${engineering(totals[row]!, unit)}`;
        return {
          ...{ x: x / scale, x2: at / scale, y: row * height + 3, y2: (row + 1) * height - 3 },
          fill: part.colour,
          text: `${name} · ${part.name}: ${engineering(part.value, unit)}, ${share}`,
        };
      })
      .filter(({ x, x2 }) => x2 - x >= (largest / scale) * LEAST);
  });
  const named = rows.map(({ name }, row) => ({ name, figure: engineering(totals[row]!, unit) }));
  const frame = rowFrame(size, named, height, [0, largest / scale]);
  const axis = { title: `${quantity} (${letter}${unit})`, ticks: size === 'wide' ? 8 : 4 };
  return { title, description, spec: boxChart({ ...frame, axis, boxes }) };
}
