import { z } from 'zod';
import { real, text } from '../../base/quantity.ts';
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
    'CSV beside the YAML file: columns conductance (0 … 1 of the largest), mean (error), sigma and, if it ages, time in s',
  ),
  time: real({ min: 0, max: 1e12 }).default(0).describe('in s: rows are interpolated to it'),
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
 * largest conductance; linear between rows, constant beyond them.
 */
export const table: DeviceModel = {
  name: 'table',
  summary: 'the user’s own: mean and sigma against conductance and time, from a CSV file',
  schema,
  error({ rows, time }: z.output<typeof schema>): CellError {
    const curves = curvesByTime(rows);
    const value = (key: 'mean' | 'sigma') => (g: number) => {
      const at = curves.findIndex((curve) => curve.time >= time);
      if (at < 0) return along(curves.at(-1)?.rows ?? [], g, key);
      const above = curves[at]!;
      const below = curves[at - 1];
      const high = along(above.rows, g, key);
      if (below === undefined) return high;
      const share = (time - below.time) / (above.time - below.time);
      return (1 - share) * along(below.rows, g, key) + share * high;
    };
    return { law: 'normal', mean: value('mean'), sigma: value('sigma') };
  },
};

function curvesByTime(rows: readonly DeviceRow[]) {
  const times = [...new Set(rows.map((row) => row.time))].sort((a, b) => a - b);
  return times.map((time) => ({
    time,
    rows: rows.filter((row) => row.time === time).sort((a, b) => a.conductance - b.conductance),
  }));
}

function along(rows: readonly DeviceRow[], g: number, key: 'mean' | 'sigma'): number {
  if (rows.length === 0) return 0;
  const at = rows.findIndex((row) => row.conductance >= g);
  if (at < 0) return rows.at(-1)![key];
  const above = rows[at]!;
  const below = rows[at - 1];
  if (below === undefined || above.conductance === below.conductance) return above[key];
  const share = (g - below.conductance) / (above.conductance - below.conductance);
  return (1 - share) * below[key] + share * above[key];
}
