import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { deviceRows } from '../../src/input/device-table.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kirchhoff-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(csv: string) {
  const good = await readFile(new URL('./specs/small.yaml', import.meta.url), 'utf8');
  const cell = '    bits: 7\n    program: { type: table, file: mine.csv, after: 50 s }\n';
  await writeFile(join(folder, 'chip.yaml'), good.replace('    bits: 7\n', cell));
  await writeFile(join(folder, 'mine.csv'), csv);
  return readArchitecture(join(folder, 'chip.yaml'));
}

const csv = 'conductance,time,mean,sigma\n0,0,0,0.01\n1,0,0,0.03\n0,100,0.1,0.02\n1,100,-0.1,0.04\n';

test('the user’s table is read beside the architecture and interpolated in conductance and time', async () => {
  const { value } = await read(csv);
  const { program } = value.analogCore!.cell;
  const error = deviceModels.get('table').error(program as never);
  expect(error.mean!(0)).toBeCloseTo(0.05, 12);
  expect(error.mean!(0.75)).toBeCloseTo(-0.025, 12);
  expect(error.sigma(0.5)).toBeCloseTo(0.025, 12);
  expect(error.sigma(2)).toBeCloseTo(0.035, 12);
});

test('the content of the table is part of what was read', async () => {
  const [one, other] = [await read(csv), await read(csv.replace('0.04', '0.05'))];
  expect(one.hash).not.toBe(other.hash);
});

test.each([
  ['conductance,sigma\n0,0.1\n1,NaN\n', 'mine.csv:3:3: sigma "NaN" is no finite number (such as 0.02)'],
  ['conductance,sigma\n0,0.1\n1,\n', 'mine.csv:3:3: sigma "" is no finite number (such as 0.02)'],
  ['conductance,sigma\n0,-1\n1,0\n', 'mine.csv:2:3: sigma -1 is not within 0 … 10'],
  ['conductance,sigma\n2,0\n1,0\n', 'mine.csv:2:1: conductance 2 is not within 0 … 1'],
  ['conductance,sigma\n0,1,2\n1,0\n', 'mine.csv:2:1: has 3 fields, the header 2'],
  ['conductance,time\n0,1\n1,0\n', 'mine.csv:1:1: has no column sigma'],
  ['conductance,sigma\n0,0.1\n', 'mine.csv: has 1 rows of numbers (give at least two)'],
  [
    'conductance,sigma\n0,0.1\n\n0,0.2\n',
    'mine.csv:4:1: conductance and time as in an earlier row (line 2 has them already)',
  ],
  ['conductance,sigma,sigma\n0,1,1\n1,1,1\n', 'mine.csv:1:19: column sigma twice (keep one)'],
  [
    'conductance, sgma\n0,1\n1,1\n',
    'mine.csv:1:14: unknown column "sgma" (did you mean sigma? known: conductance, time, mean, sigma)',
  ],
  [
    'conductance,sigma\n0,1e-7\n25e-6,1e-6\n',
    'mine.csv:1:1: conductances up to 0.000025, relative to the largest (where they are in S, give maxConductance)',
  ],
  ['conductance,sigma\n0,1\n1,0x\n', 'mine.csv:3:3: sigma "0x" is no finite number (such as 0.02)'],
])('a bad table is refused at its line: %j', (text, message) => {
  expect(() => deviceRows(text, 'mine.csv')).toThrow(message);
});

test('columns in S are relative to the largest conductance', () => {
  const text = 'conductance,mean,sigma\n0,0,1e-6\n25e-6,-5e-6,2e-6\n';
  const rows = deviceRows(text, 'mine.csv', { maxConductance: 25e-6 });
  expect(rows).toEqual([
    { conductance: 0, time: 0, mean: 0, sigma: 1e-6 / 25e-6 },
    { conductance: 1, time: 0, mean: -5e-6 / 25e-6, sigma: 2e-6 / 25e-6 },
  ]);
  expect(() => deviceRows(text, 'mine.csv', { maxConductance: 20e-6 })).toThrow(
    'mine.csv:3:1: conductance 0.000025 is not within 0 … 0.00002',
  );
});

test('cells older than the table are refused where its header is', () => {
  expect(() => deviceRows(csv, 'mine.csv', { after: 101 })).toThrow(
    'mine.csv:1:1: ends 100 s after programming, the cells are 101 s old (add rows of later times)',
  );
});

test('a table of many rows is interpolated as between its neighbours, at any time', () => {
  const points = Array.from({ length: 2000 }, (_, i) => i / 1999);
  const value = (g: number, time: number) => 0.01 + 0.1 * g * g + 0.001 * time * g;
  const rows = [0, 10, 40].flatMap((time) =>
    // Every time has conductances of its own.
    points.map((g) => {
      const conductance = g ** (1 + time / 10);
      return { conductance, time, mean: -value(conductance, time), sigma: value(conductance, time) };
    }),
  );
  const table = deviceModels.get('table');
  const parsed = table.schema.parse({ type: 'table', file: 'x', after: '25 s' }) as object;
  const error = table.error({ ...parsed, rows } as never);
  for (const g of [0, 0.1, 0.123, 0.5, 0.77, 1]) {
    // Halfway from 10 s to 40 s; sharp to what a chord of the parabola misses.
    expect(error.sigma(g)).toBeCloseTo((value(g, 10) + value(g, 40)) / 2, 5);
    expect(error.mean!(g)).toBe(-error.sigma(g));
  }
});

test('a table that is not there is named', async () => {
  await expect(
    read(csv).then(() =>
      rm(join(folder, 'mine.csv')).then(() => readArchitecture(join(folder, 'chip.yaml'))),
    ),
  ).rejects.toThrow('mine.csv: no such file');
});
