import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readMacro } from '../../src/input/macro.ts';
import { ROOT } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-macro-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const good = readFileSync(join(ROOT, 'arch/macros/wang.yaml'), 'utf8');
const lineOf = (key: string) => good.split('\n').findIndex((line) => line.startsWith(key)) + 1;

test.each([
  [
    'a model that is none',
    'macro: c2cSram',
    'macro: c2cSrm',
    `:${lineOf('macro')}:8 macro: unknown macro "c2cSrm" (did you mean c2cSram? known: chargeSram, pulseSram, voltageRram, c2cSram, digitalSram)`,
  ],
  ['an unknown key', 'banks: 8', 'bancs: 8', `:${lineOf('banks')}:1 bancs: unknown key (did you mean banks?`],
  [
    'a quantity without unit',
    'unitResistance: 5 kohm',
    'unitResistance: 5000',
    'unitResistance: 5000 needs a unit',
  ],
  [
    'a quantity of another kind',
    'unitCapacitance: 2 fF',
    'unitCapacitance: 2 fJ',
    'unitCapacitance: "2 fJ" is an energy',
  ],
  [
    'a supply under the threshold',
    '\npoint:\n  supply: 1.0 V',
    '\npoint:\n  supply: 0.3 V',
    'point.supply: 0.3 V is not above the threshold of 0.333333333333333 V (raise the supply, or lower clock.threshold)',
  ],
  [
    'shares of more than everything',
    'array: 40 %',
    'array: 60 %',
    'calibration.split: shares of 120 % in all (make them add up to at most 100 %)',
  ],
  [
    'a share of a part that is none',
    'split: {adc',
    'split: {adcs',
    'calibration.split.adcs: unknown key (did you mean adc?',
  ],
  ['no point', /\npoint:\n.*\n.*\n/, '\n', 'missing key point'],
])('%s is said at its place', async (_, find, replacement, says) => {
  const spoilt = good.replace(find, replacement);
  expect(spoilt).not.toBe(good);
  const file = join(folder, 'spoilt.yaml');
  writeFileSync(file, spoilt);
  await expect(readMacro(file)).rejects.toThrow(says);
  await expect(readMacro(file)).rejects.toThrow(file);
});

test('--set reaches the point, and is named when it is wrong', async () => {
  const file = join(ROOT, 'arch/macros/wang.yaml');
  const { spec } = await readMacro(file, ['point.supply=0.7 V', 'calibration.factor=1']);
  expect(spec.value.point.supply).toBe(0.7);
  expect(spec.value.calibration.factor).toBe(1);
  await expect(readMacro(file, ['point.suply=0.7 V'])).rejects.toThrow('did you mean supply?');
});

test.each([
  [
    'neurram',
    'wordLineHigh=0.5 V',
    'wordLineHigh=0.5 V: 0.5 V is not above wordLineLow, 0.9 V (exchange them)',
  ],
  ['colonnade', 'columns=14', 'point.weightBits: a weight and its sums take 15 columns, there are 14'],
  ['colonnade', 'rows=8', 'point.registers: 16 rows of registers between 8 rows (at most 8)'],
  [
    'sinangil',
    'point.output=16',
    'point.output=16: a mean code of 16 from converters of 4 bits (at most 15)',
  ],
] as const)('%s --set %s: keys that contradict each other', async (name, set, says) => {
  await expect(readMacro(join(ROOT, `arch/macros/${name}.yaml`), [set])).rejects.toThrow(says);
});

test('a file without the key is told what it may name', async () => {
  await expect(readMacro(join(ROOT, 'arch/isaac.yaml'))).rejects.toThrow('known: chargeSram');
});
