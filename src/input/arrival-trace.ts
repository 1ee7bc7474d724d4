import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Fault, nearestName } from '../base/fault.ts';
import type { TraceRows } from '../load/trace.ts';
import { systemText } from './text-file.ts';

/** Most bytes of a trace: beyond it nothing is read. */
const MOST_BYTES = 2 ** 30;
/** Most queries, 18 bytes each in memory. */
const MOST_ROWS = 20_000_000;
const MOST_NAMES = 1000;

const UNITS: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
const COLUMNS = ['arrival', 'model', 'deadline', 'quality'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads the arrivals of a trace: a CSV with a header that names `arrival` and optionally `model`, `deadline` and `quality`,
 * one query a line, in order of time. Times in `unit`; the first arrival becomes time 0. Throws a Fault with line and column for
 * what is wrong, before anything of the trace is used.
 */
export async function readArrivalTrace(
  file: string,
  unit: string,
  models: readonly string[],
): Promise<{ readonly rows: TraceRows; readonly bytes: number }> {
  const bytes = await sizeOf(file);
  const scale = UNITS[unit]!;
  const builder = new RowBuilder();
  let columns: readonly Column[] | undefined;
  let number = 0;
  try {
    const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
    for await (const line of lines) {
      number += 1;
      if (line === '' || line.startsWith('#')) continue;
      if (line.includes('\uFFFD'))
        throw new Fault('is not UTF-8', { cure: 'save it as UTF-8', place: { file, line: number } });
      if (columns === undefined) columns = header(line.replace(/^\uFEFF/, ''), { file, line: number });
      else
        builder.add(fieldsOf(line, columns, { file, line: number }), scale, models, {
          file,
          line: number,
          source: line,
        });
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`cannot be read: ${systemText(error)}`, { place: { file } });
  }
  if (columns === undefined || builder.count === 0) {
    throw new Fault(columns === undefined ? 'is empty' : 'has a header and no rows', {
      cure: 'a line with arrival, then a line a query',
      place: { file },
    });
  }
  return { rows: builder.rows(), bytes };
}

interface Line {
  readonly file: string;
  readonly line: number;
}

async function sizeOf(file: string): Promise<number> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > MOST_BYTES) {
      throw new Fault(`has ${(size / 2 ** 20).toFixed(0)} MiB`, {
        cure: `at most ${MOST_BYTES / 2 ** 20} MiB: cut it, or play a part of it again with repeat`,
        place: { file },
      });
    }
    return size;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`cannot be read: ${systemText(error)}`, { cure: 'check the path', place: { file } });
  } finally {
    await handle?.close();
  }
}

function header(line: string, place: Line): readonly Column[] {
  const names = line.split(',').map((name) => name.trim());
  let column = 1;
  for (const [index, name] of names.entries()) {
    const at = { ...place, column, source: line };
    if (!(COLUMNS as readonly string[]).includes(name)) {
      const near = nearestName(name, COLUMNS);
      const hint = near === undefined ? '' : `did you mean ${near}? `;
      throw new Fault(`unknown column ${JSON.stringify(name)}`, {
        cure: `${hint}known: ${COLUMNS.join(', ')}`,
        place: at,
      });
    }
    if (names.indexOf(name) < index)
      throw new Fault(`column ${name} is there twice`, { cure: 'keep one', place: at });
    column += (line.split(',')[index]?.length ?? 0) + 1;
  }
  if (!names.includes('arrival')) {
    throw new Fault('no column arrival', {
      cure: 'name the columns in the first line',
      place: { ...place, source: line },
    });
  }
  return names as Column[];
}

function fieldsOf(line: string, columns: readonly Column[], place: Line): readonly Field[] {
  const texts = line.split(',');
  if (texts.length !== columns.length) {
    throw new Fault(`${texts.length} fields, the header names ${columns.length}`, {
      cure: columns.join(','),
      place: { ...place, source: line },
    });
  }
  let column = 1;
  return texts.map((text, index) => {
    const field = { name: columns[index]!, text: text.trim(), column };
    column += text.length + 1;
    return field;
  });
}

interface Field {
  readonly name: Column;
  readonly text: string;
  readonly column: number;
}

/** Arrays that grow by doubling. */
class RowBuilder {
  count = 0;
  #time = new Float64Array(1024);
  #model = new Int16Array(1024);
  #deadline = new Float32Array(1024);
  #quality = new Float32Array(1024);
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  add(
    fields: readonly Field[],
    scale: number,
    models: readonly string[],
    place: Line & { source: string },
  ): void {
    if (this.count === MOST_ROWS) {
      throw new Fault(`more than ${MOST_ROWS.toLocaleString('en')} rows`, {
        cure: 'cut the trace, or play a part of it again with repeat',
        place: { file: place.file, line: place.line },
      });
    }
    if (this.count === this.#time.length) this.#grow();
    const at = this.count++;
    this.#model[at] = -1;
    this.#deadline[at] = Number.NaN;
    this.#quality[at] = Number.NaN;
    for (const { name, text, column } of fields) {
      const here = { ...place, column };
      if (name === 'model') {
        if (text !== '') this.#model[at] = this.#numberOf(text, models, here);
        continue;
      }
      if (text === '' && name !== 'arrival') continue;
      const value = text === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) {
        throw new Fault(`${name} is ${JSON.stringify(text)}`, { cure: 'needs a number', place: here });
      }
      if (name === 'arrival') this.#arrive(at, value * scale, here);
      else if (name === 'deadline') {
        if (!(value > 0)) throw new Fault(`deadline is ${text}`, { cure: 'more than 0', place: here });
        this.#deadline[at] = value * scale;
      } else {
        if (!(value >= 0 && value <= 1))
          throw new Fault(`quality is ${text}`, { cure: 'an accuracy from 0 to 1', place: here });
        this.#quality[at] = value;
      }
    }
  }

  rows(): TraceRows {
    const { count } = this;
    const first = this.#time[0]!;
    const time = new Float64Array(new SharedArrayBuffer(8 * count));
    for (let row = 0; row < count; row++) time[row] = this.#time[row]! - first;
    const model = new Int16Array(new SharedArrayBuffer(2 * count));
    model.set(this.#model.subarray(0, count));
    const deadline = new Float32Array(new SharedArrayBuffer(4 * count));
    deadline.set(this.#deadline.subarray(0, count));
    const quality = new Float32Array(new SharedArrayBuffer(4 * count));
    quality.set(this.#quality.subarray(0, count));
    return { time, model, names: this.#names, deadline, quality };
  }

  #arrive(at: number, time: number, place: Line): void {
    if (time < 0) throw new Fault('arrival is negative', { cure: 'times from 0 on', place });
    if (at > 0 && time < this.#time[at - 1]!) {
      throw new Fault('arrives before the row above', { cure: 'sort the rows by arrival', place });
    }
    this.#time[at] = time;
  }

  #numberOf(name: string, models: readonly string[], place: Line): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (!models.includes(name)) {
      const near = nearestName(name, models);
      const hint = near === undefined ? '' : `did you mean ${near}? `;
      throw new Fault(`unknown model ${JSON.stringify(name)}`, {
        cure: `${hint}models: ${models.join(', ')}`,
        place,
      });
    }
    if (this.#names.length === MOST_NAMES) throw new Fault(`more than ${MOST_NAMES} models`, { place });
    this.#numbers.set(name, this.#names.push(name) - 1);
    return this.#numbers.get(name)!;
  }

  #grow(): void {
    const size = 2 * this.#time.length;
    const time = new Float64Array(size);
    time.set(this.#time);
    const model = new Int16Array(size);
    model.set(this.#model);
    const deadline = new Float32Array(size);
    deadline.set(this.#deadline);
    const quality = new Float32Array(size);
    quality.set(this.#quality);
    [this.#time, this.#model, this.#deadline, this.#quality] = [time, model, deadline, quality];
  }
}
