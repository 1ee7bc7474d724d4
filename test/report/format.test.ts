import { describe, expect, test } from 'vitest';
import { engineering, percent, significant, table } from '../../src/report/format.ts';

describe('numbers for people', () => {
  test.each([
    [1.234e-9, 'J', '1.23 nJ'],
    [999.7e-9, 'J', '1.00 µJ'],
    [0.99951, 's', '1.00 s'],
    [0, 'W', '0 W'],
    [461_234, '', '461 k'],
    [-2.5e-3, 'V', '-2.50 mV'],
    [Number.NaN, 'J', '–'],
    [6.58e1, 'W', '65.8 W'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(engineering(value, unit)).toBe(text);
  });

  test('percent and significant digits', () => {
    expect(percent(0.8963, 2)).toBe('89.63 %');
    expect([significant(0.0123456), significant(3), significant(1234.5), significant(99.99)]).toEqual([
      '0.0123',
      '3.00',
      '1235',
      '100',
    ]);
  });

  test('a table lines its columns up', () => {
    const lines = table(
      ['a', 'number'],
      [
        ['x', '1'],
        ['long', '22'],
      ],
    ).split('\n');
    expect(lines).toEqual(['a     number', '────────────', 'x          1', 'long      22']);
  });
});
