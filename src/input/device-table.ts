import { Fault, nearestName } from '../base/fault.ts';
import type { DeviceRow } from '../hardware/device/table.ts';
import { readTextFile } from './text-file.ts';

const MAX_BYTES = 8 * 2 ** 20;
const MAX_ROWS = 100_000;
const COLUMNS = ['conductance', 'time', 'mean', 'sigma'] as const;
type ColumnName = (typeof COLUMNS)[number];

/**
 * The user's cell in a CSV file: a header naming the columns conductance (0 … 1), sigma and, if wanted, mean and time
 * (s), then a row of numbers each. Throws a Fault at the line and column that is wrong.
 */
export async function readDeviceTable(file: string): Promise<{ text: string; rows: DeviceRow[] }> {
  const text = await readTextFile(file, MAX_BYTES);
  return { text, rows: deviceRows(text, file) };
}

/** The rows of the text of such a file. */
export function deviceRows(text: string, file: string): DeviceRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = fieldsOf(lines[0] ?? '');
  const names = header.map(({ text: name, column }) =>
    columnName(name, { file, line: 1, column, source: lines[0]! }),
  );
  for (const needed of ['conductance', 'sigma'] as const) {
    if (names.includes(needed)) continue;
    throw new Fault(`has no column ${needed}`, {
      cure: `name the columns in the first line: ${COLUMNS.join(',')}`,
      place: { file, line: 1, column: 1, source: lines[0]! },
    });
  }
  const rows: DeviceRow[] = [];
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
      row[names[at]!] = numberOf(field, names[at]!, { file, line, column, source });
    });
    rows.push(row);
  });
  if (rows.length < 2) {
    throw new Fault(`has ${rows.length} rows of numbers`, { cure: 'give at least two', place: { file } });
  }
  if (rows.length > MAX_ROWS)
    throw new Fault(`has ${rows.length} rows, at most ${MAX_ROWS}`, { place: { file } });
  checkDistinct(rows, file);
  return rows;
}

interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly source: string;
}

const RANGES: Readonly<Record<ColumnName, readonly [number, number]>> = {
  conductance: [0, 1],
  time: [0, 1e12],
  mean: [-1, 1],
  sigma: [0, 10],
};

function columnName(name: string, place: Spot): ColumnName {
  const found = COLUMNS.find((known) => known === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(name, COLUMNS);
  throw new Fault(`unknown column ${JSON.stringify(name)}`, {
    cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${COLUMNS.join(', ')}`,
    place,
  });
}

function numberOf(field: string, name: ColumnName, place: Spot): number {
  const value = field === '' ? Number.NaN : Number(field);
  if (!Number.isFinite(value)) {
    throw new Fault(`${name} ${JSON.stringify(field)} is no finite number`, { cure: 'such as 0.02', place });
  }
  const [low, high] = RANGES[name];
  if (value < low || value > high)
    throw new Fault(`${name} ${value} is not within ${low} … ${high}`, { place });
  return value;
}

function fieldsOf(line: string): readonly { readonly text: string; readonly column: number }[] {
  let column = 1;
  return line.split(',').map((field) => {
    const found = { text: field.trim(), column: column + field.length - field.trimStart().length };
    column += field.length + 1;
    return found;
  });
}

function checkDistinct(rows: readonly DeviceRow[], file: string): void {
  const seen = new Map<string, number>();
  rows.forEach(({ conductance, time }, index) => {
    const key = `${conductance} ${time}`;
    if (seen.has(key)) {
      throw new Fault(`conductance ${conductance} at time ${time} twice`, {
        cure: `it is in line ${seen.get(key)! + 2} already`,
        place: { file, line: index + 2 },
      });
    }
    seen.set(key, index);
  });
}
