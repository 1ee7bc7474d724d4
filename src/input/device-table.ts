import { Fault, nearestName } from '../base/fault.ts';
import type { DeviceRow } from '../hardware/device/table.ts';
import { readTextFile } from './text-file.ts';

const MAX_BYTES = 8 * 2 ** 20;
const MAX_ROWS = 100_000;
const COLUMNS = ['conductance', 'time', 'mean', 'sigma'] as const;
type ColumnName = (typeof COLUMNS)[number];

/** How a table of cells is read. */
export interface DeviceTableOptions {
  /** S of the largest conductance where the columns are in S; left out: they are relative to it. */
  readonly maxConductance?: number | undefined;
  /** s since programming for which it must have rows; 0 when left out. */
  readonly after?: number | undefined;
}

/**
 * The user's cell in a CSV file: a header naming the columns conductance (0 … 1, or S), sigma and, if wanted, mean and
 * time (s), then a row of numbers each. Throws a Fault at the line and column that is wrong.
 */
export async function readDeviceTable(
  file: string,
  options: DeviceTableOptions = {},
): Promise<{ text: string; rows: DeviceRow[] }> {
  const text = await readTextFile(file, MAX_BYTES);
  return { text, rows: deviceRows(text, file, options) };
}

/** The rows of the text of such a file, relative to the largest conductance. */
export function deviceRows(text: string, file: string, options: DeviceTableOptions = {}): DeviceRow[] {
  const { maxConductance, after = 0 } = options;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = lines[0]!;
  const names = columnNames(header, file);
  const columns = new Map(names.map((name) => [name, columnOf(name, maxConductance)]));
  const rows: DeviceRow[] = [];
  const written = new Map<string, number>();
  lines.forEach((source, index) => {
    if (index === 0 || source.trim() === '') return;
    const line = index + 1;
    const fields = fieldsOf(source);
    if (fields.length !== names.length) {
      throw new Fault(`has ${fields.length} fields, the header ${names.length}`, {
        place: { file, line, column: 1, source },
      });
    }
    const row = { conductance: 0, time: 0, mean: 0, sigma: 0 };
    fields.forEach(({ text: field, column }, at) => {
      row[names[at]!] = numberOf(field, columns.get(names[at]!)!, { file, line, column, source });
    });
    const key = `${row.conductance} ${row.time}`;
    const earlier = written.get(key);
    if (earlier !== undefined) {
      throw new Fault('conductance and time as in an earlier row', {
        cure: `line ${earlier} has them already`,
        place: { file, line, column: 1, source },
      });
    }
    written.set(key, line);
    rows.push(row);
    if (rows.length > MAX_ROWS) {
      throw new Fault(`has more than ${MAX_ROWS} rows`, { place: { file, line, column: 1, source } });
    }
  });
  if (rows.length < 2) {
    throw new Fault(`has ${rows.length} rows of numbers`, { cure: 'give at least two', place: { file } });
  }
  const largest = rows.reduce((most, { conductance }) => Math.max(most, conductance), 0);
  if (largest < SMALLEST_TOP) {
    throw new Fault(
      maxConductance === undefined
        ? `conductances up to ${largest}, relative to the largest`
        : `conductances up to ${largest * maxConductance} S of ${maxConductance} S`,
      {
        cure: maxConductance === undefined ? 'where they are in S, give maxConductance' : 'give them in S',
        place: { file, line: 1, column: 1, source: header },
      },
    );
  }
  const last = rows.reduce((most, { time }) => Math.max(most, time), 0);
  if (after > last) {
    throw new Fault(`ends ${last} s after programming, the cells are ${after} s old`, {
      cure: names.includes('time') ? 'add rows of later times' : 'add a column time',
      place: { file, line: 1, column: 1, source: header },
    });
  }
  return rows;
}

/** A table that ends below this share of the largest conductance is told in another unit. */
const SMALLEST_TOP = 1e-3;

interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

/** A column: which numbers it may hold, and the unit that they are told in. */
interface Column {
  readonly name: ColumnName;
  readonly low: number;
  readonly high: number;
  readonly unit: number;
}

const RANGES: Readonly<Record<ColumnName, readonly [number, number]>> = {
  conductance: [0, 1],
  time: [0, 1e12],
  mean: [-1, 1],
  sigma: [0, 10],
};

function columnOf(name: ColumnName, maxConductance = 1): Column {
  const unit = name === 'time' ? 1 : maxConductance;
  const [low, high] = RANGES[name];
  return { name, low: low * unit, high: high * unit, unit };
}

function columnNames(header: string, file: string): readonly ColumnName[] {
  const place = (column: number) => ({ file, line: 1, column, source: header });
  const fields = fieldsOf(header);
  const names = fields.map(({ text, column }) => columnName(text, place(column)));
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    throw new Fault(`column ${name} twice`, { cure: 'keep one', place: place(fields[index]!.column) });
  });
  for (const needed of ['conductance', 'sigma'] as const) {
    if (names.includes(needed)) continue;
    throw new Fault(`has no column ${needed}`, {
      cure: `name the columns in the first line: ${COLUMNS.join(',')}`,
      place: place(1),
    });
  }
  return names;
}

function columnName(name: string, place: Spot): ColumnName {
  const found = COLUMNS.find((known) => known === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(name, COLUMNS);
  throw new Fault(`unknown column ${JSON.stringify(name)}`, {
    cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${COLUMNS.join(', ')}`,
    place,
  });
}

function numberOf(field: string, { name, low, high, unit }: Column, place: Spot): number {
  const value = field === '' ? Number.NaN : Number(field);
  if (!Number.isFinite(value)) {
    throw new Fault(`${name} ${JSON.stringify(field)} is no finite number`, { cure: 'such as 0.02', place });
  }
  // The largest conductance itself may have lost its last digit.
  if (value < low || value > high * (1 + 1e-12))
    throw new Fault(`${name} ${value} is not within ${low} … ${high}`, { place });
  return Math.min(value / unit, high / unit);
}

function fieldsOf(line: string): readonly { readonly text: string; readonly column: number }[] {
  let column = 1;
  return line.split(',').map((field) => {
    const found = { text: field.trim(), column: column + field.length - field.trimStart().length };
    column += field.length + 1;
    return found;
  });
}
