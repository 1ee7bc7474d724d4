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
  const cell = '    bits: 7\n    program: { type: table, file: mine.csv, time: 50 }\n';
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
    'conductance,sigma\n0,0.1\n0,0.2\n',
    'mine.csv:3: conductance 0 at time 0 twice (it is in line 2 already)',
  ],
])('a bad table is refused at its line: %j', (text, message) => {
  expect(() => deviceRows(text, 'mine.csv')).toThrow(message);
});

test('a table that is not there is named', async () => {
  await expect(
    read(csv).then(() =>
      rm(join(folder, 'mine.csv')).then(() => readArchitecture(join(folder, 'chip.yaml'))),
    ),
  ).rejects.toThrow('mine.csv: no such file');
});
