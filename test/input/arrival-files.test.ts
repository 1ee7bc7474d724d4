import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, ftruncateSync, closeSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { readArrivalCounts } from '../../src/input/arrival-counts.ts';
import { readArrivalTrace } from '../../src/input/arrival-trace.ts';
import { readLoadFile } from '../../src/input/load-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-arrivals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MODELS = ['lenet5', 'vgg8'];
let number = 0;

function written(content: string | Buffer): string {
  const file = join(folder, `arrivals-${number++}.csv`);
  writeFileSync(file, content);
  return file;
}

const read = (content: string | Buffer, unit = 's') => readArrivalTrace(written(content), unit, MODELS);

/** The Fault of a reader, with its text without the folder. */
async function fault(reading: Promise<unknown>): Promise<Fault & { readonly shown: string }> {
  const error: unknown = await reading.then(
    () => new Error('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error as Error;
  return Object.assign(error, { shown: error.message.replace(/^.*arrivals-\d+\.csv/, 'FILE') });
}

describe('a trace', () => {
  test('arrivals, models, deadlines and qualities, from the first arrival on', async () => {
    const text =
      '\uFEFF# recorded on a Tuesday\narrival, model ,deadline,quality\r\n10,vgg8,5,\n\n10.5, ,,0.9\r\n12e0,lenet5, 2.5 ,1';
    const file = written(text);
    const { rows, sha256 } = await readArrivalTrace(file, 'ms', MODELS);
    expect([...rows.time]).toEqual([0, 0.0005, 0.002].map((time) => expect.closeTo(time, 15)));
    expect(Array.from(rows.model!, (model) => rows.names[model])).toEqual(['vgg8', undefined, 'lenet5']);
    // Bit for bit what a scenario's `5 ms` is.
    expect([...rows.deadline!]).toEqual([5 / 1000, Number.NaN, 2.5 / 1000]);
    expect([...rows.quality!]).toEqual([Number.NaN, 0.9, 1]);
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test.each([
    ['is of one query', 'arrival\n5\n'],
    ['is of 3 queries at one time', 'arrival\n5\n5\n5\n'],
  ])('that %s is played once, and not repeated', async (what, text) => {
    const file = written(text);
    const load = (repeat: number) =>
      readLoadFile({ type: 'trace', file, unit: 's', repeat }, MODELS, (name) => name);
    expect((await load(1))!.input).toMatchObject({ role: 'trace', file });
    expect((await fault(load(2))).shown).toBe(
      `FILE: ${what}, so that nothing says after which time repeat plays it again (leave out repeat, or record at least two times; for queries after equal gaps play uniform)`,
    );
  });

  test('quoted fields are read like the same without quotes', async () => {
    const rows = [
      ['arrival_us', 'model', 'deadline', 'quality'],
      ['10', 'a "b", c', '5', ''],
      ['12', 'vgg8', '', '0.9'],
      ['12', '', '7', '1'],
    ];
    // As a writer that quotes every field puts them (RFC 4180), and as one that quotes where it must.
    const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const all = rows.map((row) => row.map(quoted).join(','));
    const few = rows.map((row) => row.map((field) => (/[",]/.test(field) ? quoted(field) : field)).join(','));
    const models = [...MODELS, 'a "b", c'];
    for (const lines of [all, few, all.map((line) => ` ${line.replaceAll('","', '" , "')} `)]) {
      const { rows: found } = await readArrivalTrace(written(lines.join('\r\n')), 's', models);
      expect([...found.time]).toEqual([0, 2e-6, 2e-6].map((time) => expect.closeTo(time, 15)));
      expect(Array.from(found.model!, (model) => found.names[model])).toEqual([
        'a "b", c',
        'vgg8',
        undefined,
      ]);
      expect([...found.deadline!]).toEqual([5, Number.NaN, 7]);
      expect([...found.quality!]).toEqual([Number.NaN, 0.9, 1]);
    }
    const counted = await readArrivalCounts(written('"count"\n"3"\n4\n'));
    expect([...counted.rows]).toEqual([3, 4]);
  });

  test('columns that the file lacks are not there, units of the header go before that of the load', async () => {
    const { rows } = await read('deadline_us,arrival_ms\n7,0\n7,1500\n', 'ns');
    expect([...rows.time]).toEqual([0, 1.5]);
    expect([...rows.deadline!]).toEqual([7e-6, 7e-6]);
    expect([rows.model, rows.quality]).toEqual([undefined, undefined]);
  });

  test('more rows than are read at once, whatever the length of lines', async () => {
    const count = 60_000;
    const lines = Array.from({ length: count }, (_, row) => `${row}${' '.repeat(row % 13)},vgg8`);
    const { rows, sha256 } = await read(`arrival,model\n${lines.join('\n')}`);
    expect(rows.time.length).toBe(count);
    expect(rows.time.every((time, row) => time === row)).toBe(true);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['unsorted', 'arrival\n1\n3\n2\n', 'FILE:4:1: arrives before the row above (sort the rows by arrival)'],
    ['negative', 'arrival\n 0\n -5\n', 'FILE:3:2: arrival is negative, -5 (times from 0 on)'],
    ['NaN', 'arrival\n0\nNaN\n', 'FILE:3:1: arrival is "NaN" (needs a number)'],
    ['infinite', 'arrival\nInfinity\n', 'FILE:2:1: arrival is "Infinity" (needs a number)'],
    ['overflowing', 'arrival\n1e999\n', 'FILE:2:1: arrival is Infinity s (at most 1e+12 s)'],
    ['hexadecimal', 'arrival\n0x10\n', 'FILE:2:1: arrival is "0x10" (needs a number)'],
    ['blank', 'arrival,model\n,vgg8\n', 'FILE:2:1: arrival is "" (needs a number)'],
    [
      'of an unknown model',
      'arrival,model\n0,vgg8\n1,vgg9\n',
      'FILE:3:3: unknown model "vgg9" (did you mean vgg8? models: lenet5, vgg8)',
    ],
    ['without columns', '', 'FILE: is empty (a header with arrival, then a line for each query)'],
    [
      'without rows',
      '# none\narrival\n',
      'FILE: has a header and no rows (a header with arrival, then a line for each query)',
    ],
    ['without arrival', 'model\nvgg8\n', 'FILE:1:1: no column arrival (name the columns in the first line)'],
    [
      'without a header',
      '0\n1\n',
      'FILE:1:1: unknown column "0" (known: arrival, model, deadline, quality; with a unit: arrival_ms)',
    ],
    [
      'of a misspelt column',
      'arrival,dedline\n',
      'FILE:1:9: unknown column "dedline" (did you mean deadline? known: arrival, model, deadline, quality; with a unit: arrival_ms)',
    ],
    ['of a column twice', 'arrival,arrival_ms\n', 'FILE:1:9: column arrival is there twice (keep one)'],
    [
      'with too few fields',
      'arrival,model\n0,vgg8\n1\n',
      'FILE:3:1: 1 field, the header names 2 (arrival,model)',
    ],
    ['with too many fields', 'arrival\n0,5\n', 'FILE:2:1: 2 fields, the header names 1 (arrival)'],
    [
      'with a quote that is not closed',
      'arrival,model\n0, "vgg8\n',
      'FILE:2:4: a quote that is not closed (close it in the same line)',
    ],
    [
      'with a quote within a field',
      'arrival,model\n0,v"gg"8\n',
      'FILE:2:4: a quote within a field (quote the whole field: "a ""b""")',
    ],
    [
      'with text after a quoted field',
      'arrival,model\n"0"1,vgg8\n',
      'FILE:2:4: text after a quoted field (separate fields by commas; a quote within one is written twice)',
    ],
    [
      'with a wrong field after quoted ones',
      '"arrival","model"\n"0", "vgg9"\n',
      'FILE:2:6: unknown model "vgg9" (did you mean vgg8? models: lenet5, vgg8)',
    ],
    [
      'with a deadline of 0',
      'arrival,deadline\n0,0\n',
      'FILE:2:3: deadline is 0 (a time after the arrival, more than 0)',
    ],
    [
      'with a quality beyond 1',
      'arrival,quality\n0,90\n',
      'FILE:2:3: quality is 90 (an accuracy from 0 to 1)',
    ],
    [
      'that is not UTF-8',
      Buffer.from('arrival,model\n0,vgg8\n1,v\xfcg\n', 'latin1'),
      'FILE:3:4: is not UTF-8 (save it as UTF-8)',
    ],
    ['of one endless line', 'x'.repeat(300_000), 'FILE:1: a line of more than 256 KiB (is it a CSV file?)'],
  ])('%s: one Fault with its place', async (_, content, message) => {
    const { shown, place } = await fault(read(content));
    const [first, ...shownSource] = shown.split('\n');
    expect(first).toBe(message);
    // The line itself and a caret, where a column is known and the line can be read.
    expect(shownSource.length).toBe(place?.source === undefined ? 0 : 2);
  });

  test('of 1e9 rows: refused by its size, before anything is read', async () => {
    const file = written('arrival\n');
    const handle = openSync(file, 'r+');
    // Sparse: 1e9 rows have at least two bytes each, this takes none on the disk.
    ftruncateSync(handle, 2e9);
    closeSync(handle);
    const { shown } = await fault(readArrivalTrace(file, 's', MODELS));
    expect(shown).toBe(
      'FILE: has 1,908 MiB (at most 1024 MiB: cut it, or play a part of it again with repeat)',
    );
  });

  test('of more rows than there may be: refused at the first too many', async () => {
    const file = written(`arrival\n${'0\n'.repeat(1000)}`);
    expect((await readArrivalTrace(file, 's', MODELS, 1000)).rows.time.length).toBe(1000);
    const { shown } = await fault(readArrivalTrace(file, 's', MODELS, 999));
    expect(shown).toBe(
      'FILE:1001: more than 999 rows (cut the trace, or play a part of it again with repeat)',
    );
  });

  test('that is no file, a folder or a pipe', async () => {
    const missing = await fault(readArrivalTrace(join(folder, 'none.csv'), 's', MODELS));
    expect(missing.message).toMatch(/none\.csv: no such file \(check the name of the file\)$/);
    expect((await fault(readArrivalTrace(folder, 's', MODELS))).problem).toBe('is a folder');
    const pipe = join(folder, 'pipe.csv');
    if (spawnSync('mkfifo', [pipe]).status !== 0) return;
    expect((await fault(readArrivalTrace(pipe, 's', MODELS))).problem).toBe('is not a regular file');
  });
});

describe('counts', () => {
  test('one whole number a line', async () => {
    const { rows } = await readArrivalCounts(written('count\n3\n0\n# night\n1e3\n'));
    expect([...rows]).toEqual([3, 0, 1000]);
  });

  test.each([
    ['', 'FILE: is empty (the header count, then the queries of an interval in each line)'],
    [
      'count\n',
      'FILE: has a header and no rows (the header count, then the queries of an interval in each line)',
    ],
    [
      'count\n0\n0\n',
      'FILE: counts no query (the header count, then the queries of an interval in each line)',
    ],
    ['minute,count\n', 'FILE:1:1: the header is "minute,count" (one column: count)'],
    ['count\n1\n2.5\n', 'FILE:3:1: count is "2.5" (a whole number of queries, 0 to 1e+9)'],
    ['count\n-1\n', 'FILE:2:1: count is "-1" (a whole number of queries, 0 to 1e+9)'],
    ['count\n1,2\n', 'FILE:2:1: 2 fields, the header names 1 (count)'],
  ])('%j: one Fault with its place', async (content, message) => {
    expect((await fault(readArrivalCounts(written(content)))).shown.split('\n')[0]).toBe(message);
  });
});
