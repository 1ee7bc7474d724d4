import { Fault, nearestName } from '../base/fault.ts';
import type { TraceRows } from '../load/trace.ts';
import { csvFields, csvRow, decimal, fieldPlace } from './csv-fields.ts';
import { eachCsvLine } from './csv-lines.ts';

/** Most bytes of a trace: of a larger one nothing is read. */
const MOST_BYTES = 2 ** 30;
/** Most queries, each of at most 26 bytes in memory. */
const MOST_ROWS = 20_000_000;
/** s: far beyond any clock that counts from 1970. */
const LATEST = 1e12;

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const COLUMNS = ['arrival', 'model', 'deadline', 'quality'] as const;

interface Column {
  readonly name: (typeof COLUMNS)[number];
  /** Units of the file in a second, of times. */
  readonly perSecond: number;
}

/**
 * Reads the arrivals of a trace: a CSV with a header that names `arrival` and optionally `model`, `deadline` and `quality`,
 * one query a line, in order of time. Times in `unit`, or in that of the header (`arrival_ms`, `deadline_us`); the first arrival
 * becomes time 0. Throws a Fault with line and column for what is wrong, before anything of the trace is used.
 */
export async function readArrivalTrace(
  file: string,
  unit: string,
  models: readonly string[],
  mostRows = MOST_ROWS,
): Promise<{ readonly rows: TraceRows; readonly sha256: string }> {
  let columns: readonly Column[] | undefined;
  let names: readonly string[] = [];
  let rows: RowBuilder | undefined;
  const sha256 = await eachCsvLine(file, MOST_BYTES, (text, line, bytes) => {
    if (columns === undefined) {
      names = csvFields(text, file, line).map((name) => name.trim());
      columns = header(names, text, unit, file, line);
      // A row has a digit, its commas and a line break.
      const most = Math.min(mostRows, Math.ceil(bytes / (columns.length + 1)));
      rows = new RowBuilder(columns, models, most);
    } else rows!.add(csvRow(text, names, file, line), text, file, line);
  });
  if (rows === undefined || rows.count === 0) {
    throw new Fault(rows === undefined ? 'is empty' : 'has a header and no rows', {
      cure: 'a header with arrival, then a line for each query',
      place: { file },
    });
  }
  return { rows: rows.rows(), sha256 };
}

function header(
  names: readonly string[],
  text: string,
  unit: string,
  file: string,
  line: number,
): readonly Column[] {
  const columns: Column[] = [];
  for (const [index, written] of names.entries()) {
    const place = fieldPlace(text, index, file, line);
    const [, timed, ofHeader] = /^(arrival|deadline)_(s|ms|us|ns)$/.exec(written) ?? [];
    const name = COLUMNS.find((known) => known === (timed ?? written));
    if (name === undefined) {
      const near = nearestName(written, COLUMNS);
      throw new Fault(`unknown column ${JSON.stringify(written)}`, {
        cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${COLUMNS.join(', ')}; with a unit: arrival_ms`,
        place,
      });
    }
    if (columns.some((column) => column.name === name))
      throw new Fault(`column ${name} is there twice`, { cure: 'keep one', place });
    columns.push({ name, perSecond: PER_SECOND[ofHeader ?? unit]! });
  }
  if (columns.some(({ name }) => name === 'arrival')) return columns;
  throw new Fault('no column arrival', {
    cure: 'name the columns in the first line',
    place: { file, line, column: 1, source: text },
  });
}

/** Columns of numbers for as many rows as the file can have; pages that nothing is written to take no memory. */
class RowBuilder {
  count = 0;
  readonly #columns: readonly Column[];
  readonly #models: readonly string[];
  readonly #time: Float64Array;
  readonly #model: Int16Array | undefined;
  readonly #deadline: Float64Array | undefined;
  readonly #quality: Float64Array | undefined;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>([['', -1]]);

  constructor(columns: readonly Column[], models: readonly string[], most: number) {
    const has = (wanted: string) => columns.some(({ name }) => name === wanted);
    this.#columns = columns;
    this.#models = models;
    this.#time = new Float64Array(new SharedArrayBuffer(8 * most));
    if (has('model')) this.#model = new Int16Array(new SharedArrayBuffer(2 * most));
    if (has('deadline')) this.#deadline = new Float64Array(new SharedArrayBuffer(8 * most));
    if (has('quality')) this.#quality = new Float64Array(new SharedArrayBuffer(8 * most));
  }

  add(fields: readonly string[], text: string, file: string, line: number): void {
    if (this.count === this.#time.length) {
      throw new Fault(`more than ${this.#time.length.toLocaleString('en')} rows`, {
        cure: 'cut the trace, or play a part of it again with repeat',
        place: { file, line },
      });
    }
    const at = this.count++;
    for (let index = 0; index < fields.length; index++) {
      const wrong = this.#set(at, this.#columns[index]!, fields[index]!);
      if (wrong !== undefined)
        throw new Fault(wrong[0], { cure: wrong[1], place: fieldPlace(text, index, file, line) });
    }
  }

  rows(): TraceRows {
    const { count } = this;
    const time = this.#time.subarray(0, count);
    const first = time[0]!;
    for (let row = 0; row < count; row++) time[row] = time[row]! - first;
    return {
      ...{ time, model: this.#model?.subarray(0, count), names: this.#names },
      deadline: this.#deadline?.subarray(0, count),
      quality: this.#quality?.subarray(0, count),
    };
  }

  /** Cause and cure of what is wrong with a field. */
  #set(at: number, { name, perSecond }: Column, field: string): readonly [string, string] | undefined {
    if (name === 'model') return this.#setModel(at, field.trim());
    const blank = name !== 'arrival' && field.trim() === '';
    const value = blank ? Number.NaN : decimal(field);
    if (!blank && Number.isNaN(value))
      return [`${name} is ${JSON.stringify(field.trim())}`, 'needs a number'];
    if (name === 'quality') {
      if (value < 0 || value > 1) return [`quality is ${field.trim()}`, 'an accuracy from 0 to 1'];
      this.#quality![at] = value;
      return undefined;
    }
    const time = value / perSecond;
    if (time > LATEST) return [`${name} is ${time.toExponential()} s`, `at most ${LATEST.toExponential()} s`];
    if (name === 'deadline') {
      if (value <= 0) return [`deadline is ${field.trim()}`, 'a time after the arrival, more than 0'];
      this.#deadline![at] = time;
      return undefined;
    }
    if (time < 0) return [`arrival is negative, ${field.trim()}`, 'times from 0 on'];
    if (at > 0 && time < this.#time[at - 1]!)
      return ['arrives before the row above', 'sort the rows by arrival'];
    this.#time[at] = time;
    return undefined;
  }

  #setModel(at: number, name: string): readonly [string, string] | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      this.#model![at] = known;
      return undefined;
    }
    if (!this.#models.includes(name)) {
      const near = nearestName(name, this.#models);
      const hint = near === undefined ? '' : `did you mean ${near}? `;
      return [`unknown model ${JSON.stringify(name)}`, `${hint}models: ${this.#models.join(', ')}`];
    }
    this.#numbers.set(name, this.#names.length);
    this.#model![at] = this.#names.push(name) - 1;
    return undefined;
  }
}
