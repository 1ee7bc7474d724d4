import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import { quantity, real, text } from '../../base/quantity.ts';
import { compensationFlag } from './compensation.ts';
import type { CellError, DeviceModel } from './device.ts';

const rowSchema = z.strictObject({
  conductance: real({ min: 0, max: 1 }),
  time: real({ min: 0, max: 1e12 }),
  mean: real({ min: -1, max: 1 }),
  sigma: real({ min: 0, max: 10 }),
});

const schema = z.strictObject({
  type: z.literal('table'),
  file: text().describe(
    'CSV beside the YAML file: columns conductance (0 … 1 of the largest), sigma and, if wanted, mean (error) and time (s)',
  ),
  maxConductance: quantity('S', { above: 0, max: 1, example: '25 uS' })
    .optional()
    .describe('conductance of the largest weight, where the columns of the file are in S'),
  after: quantity('s', { min: 0, max: 1e12, example: '1 day' })
    .default(0)
    .describe('age since programming: rows are interpolated to it'),
  compensation: compensationFlag(false),
  rows: z
    .array(rowSchema)
    .max(100_000)
    .default([])
    .describe('the rows of the file, filled in when it is read'),
});

/** One row of the user's table: error of cells at a relative conductance after a time in s. */
export type DeviceRow = z.output<typeof rowSchema>;

/**
 * The user's own cell: mean error and standard deviation tabulated against conductance and time, all relative to the
 * largest conductance; linear between rows, constant beyond the conductances that it has; errors are normal.
 */
export const table: DeviceModel = {
  name: 'table',
  summary: 'the user’s own: mean and sigma against conductance and time, from a CSV file',
  schema,
  error({ file, rows, after, compensation }: z.output<typeof schema>): CellError {
    if (rows.length === 0) throw new Fault(`the table of cells ${file} has not been read`);
    const curve = curveAt(curvesByTime(rows), after);
    return {
      law: 'normal',
      mean: (g) => along(curve, g, 'mean'),
      sigma: (g) => along(curve, g, 'sigma'),
      compensated: compensation,
    };
  },
};

interface Point {
  readonly conductance: number;
  readonly mean: number;
  readonly sigma: number;
}

interface Curve {
  readonly time: number;
  /** Ascending in conductance. */
  readonly points: readonly Point[];
}

function curvesByTime(rows: readonly DeviceRow[]): readonly Curve[] {
  const byTime = new Map<number, DeviceRow[]>();
  for (const row of rows) {
    const points = byTime.get(row.time);
    if (points === undefined) byTime.set(row.time, [row]);
    else points.push(row);
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([time, points]) => ({ time, points: points.sort((a, b) => a.conductance - b.conductance) }));
}

/** The curve at a time: linear between two, with the points of both, so that it bends where either does. */
function curveAt(curves: readonly Curve[], time: number): readonly Point[] {
  const at = curves.findIndex((curve) => curve.time >= time);
  const above = curves.at(at)!;
  const below = curves[at - 1];
  if (below === undefined) return above.points;
  const share = (time - below.time) / (above.time - below.time);
  const conductances = [...below.points, ...above.points].map((point) => point.conductance);
  const between = (g: number, key: 'mean' | 'sigma') =>
    (1 - share) * along(below.points, g, key) + share * along(above.points, g, key);
  return [...new Set(conductances)]
    .sort((a, b) => a - b)
    .map((g) => ({ conductance: g, mean: between(g, 'mean'), sigma: between(g, 'sigma') }));
}

function along(points: readonly Point[], g: number, key: 'mean' | 'sigma'): number {
  let [low, high] = [0, points.length - 1];
  if (g <= points[low]!.conductance) return points[low]![key];
  if (g >= points[high]!.conductance) return points[high]![key];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle]!.conductance <= g) low = middle;
    else high = middle;
  }
  const [below, above] = [points[low]!, points[high]!];
  const share = (g - below.conductance) / (above.conductance - below.conductance);
  return (1 - share) * below[key] + share * above[key];
}
