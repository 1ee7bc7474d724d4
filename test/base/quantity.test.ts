import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  choice,
  type Field,
  flag,
  foundText,
  integer,
  loadUnits,
  quantity,
  real,
  text,
  withParameters,
} from '../../src/base/quantity.ts';
import { literalQuantity } from '../../src/base/units.ts';

const parameters = new Map([
  ['adcBits', literalQuantity('8')!],
  ['energy', literalQuantity('3 pJ')!],
]);

/** The value that a field reads, or `cause (cure)` of its fault. */
function read(field: Field<unknown, unknown>, written: unknown): unknown {
  const result = withParameters(parameters, () => field.safeParse(written));
  if (result.success) return result.data;
  return result.error.issues
    .map((issue) => `${issue.message} (${issue.code === 'custom' ? (issue.params?.cure ?? '') : ''})`)
    .join('; ');
}

beforeAll(loadUnits);

describe('quantity', () => {
  test.each([
    ['J', '2 pJ', 2e-12],
    ['J', 0, 0],
    ['J', '0', 0],
    ['J', '0 W', '"0 W" is a power (needs an energy, such as 2 pJ)'],
    ['J', 'energy', 3e-12],
    ['J', 'energy / 2', 1.5e-12],
    ['J', 3, '3 needs a unit (such as 2 pJ)'],
    ['J', '3', '"3" is a plain number (needs an energy, such as 2 pJ)'],
    ['J', '0.5 uS', '"0.5 uS" is a conductance (needs an energy, such as 2 pJ)'],
    ['J', 'adcBits', '"adcBits" is a plain number (needs an energy, such as 2 pJ)'],
    ['J', true, 'found true (needs an energy, such as 2 pJ)'],
    ['J', null, 'found nothing (needs an energy, such as 2 pJ)'],
    ['J', ['2 pJ'], 'found a list (needs an energy, such as 2 pJ)'],
    ['J', { value: 2 }, 'found a map (needs an energy, such as 2 pJ)'],
    ['J', Number.NaN, 'NaN is not a finite number (needs an energy, such as 2 pJ)'],
    ['J', Number.POSITIVE_INFINITY, 'Infinity is not a finite number (needs an energy, such as 2 pJ)'],
    ['J', undefined, 'missing, needs an energy, such as 2 pJ ()'],
    ['samples/s', '1.28 GS/s', 1.28e9],
    ['samples/s', '1.28 GHz', 1.28e9],
    ['B', '64 KiB', 65536],
    ['B', '8 Mb', 1e6],
    ['B/s', '64 GB/s', 64e9],
    ['J/bit', '8 pJ/B', 1e-12],
    ['J/B', '1 pJ/bit', 8e-12],
    ['m^2', '25 um^2', 25e-12],
    ['1', '5 %', 0.05],
    ['1', 0.5, 0.5],
    ['ohm/m', '2 ohm/um', 2e6],
    ['F/m', '0.2 fF/um', 2e-10],
  ])('%s: %j', (unit, written, expected) => {
    expect(read(quantity(unit), written)).toBe(expected);
  });

  test('bounds are in the unit and say the value, also of arithmetic', () => {
    const field = quantity('V', { above: 0, max: 1.2 });
    expect(read(field, '1.2 V')).toBe(1.2);
    expect(read(field, '1200 mV')).toBe(1.2);
    expect(read(field, '5 V')).toBe('5 V is too large (at most 1.2 V)');
    expect(read(field, 0)).toBe('0 V is too small (more than 0 V)');
    expect(read(field, '2 V * 3')).toBe('2 V * 3 = 6 V is too large (at most 1.2 V)');
    expect(read(quantity('s', { min: 1e-9, below: 1 }), '1 s')).toBe('1 s is too large (less than 1 s)');
    expect(read(quantity('s', { min: 1e-9 }), '1 ps')).toBe('1 ps is too small (at least 1 ns)');
  });

  test('a unit that does not exist is a mistake of the program', () => {
    expect(() => quantity('parsec')).toThrow('no such unit');
  });

  test('reads back what it printed in any unit, clean of noise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.constantFrom('f', 'p', 'n', 'u', 'm', ''),
        (digits, prefix) => {
          const power = { f: -15, p: -12, n: -9, u: -6, m: -3, '': 0 }[prefix]!;
          expect(read(quantity('J'), `${digits} ${prefix}J`)).toBe(Number(`${digits}e${power}`));
          expect(read(quantity('J'), `${digits} ${prefix}J * 1`)).toBe(Number(`${digits}e${power}`));
        },
      ),
    );
  });
});

describe('integer and real', () => {
  test.each([
    [8, 8],
    ['8', 8],
    ['2^adcBits', 256],
    ['adcBits / 3', 'adcBits / 3 = 2.66666666666667 is not a whole number (ceil(…) and floor(…) round)'],
    [2.5, '2.5 is not a whole number (ceil(…) and floor(…) round)'],
    [1e300, '1e+300 is not a whole number (it is too large)'],
    [0, '0 is too small (at least 1)'],
    [-4, '-4 is too small (at least 1)'],
    [1e12, '1000000000000 is too large (at most 4096)'],
    ['8 bit', '"8 bit" is an amount of data (needs a whole number)'],
    [true, 'found true (needs a whole number)'],
    ['many', 'unknown unit or parameter many (parameters: adcBits, energy)'],
  ])('integer %j', (written, expected) => {
    expect(read(integer({ min: 1, max: 4096 }), written)).toBe(expected);
  });

  test.each([
    ['5 %', 0.05],
    [0.5, 0.5],
    ['1/3', 0.333333333333333],
    ['120 %', '1.2 is too large (at most 1)'],
    ['2 pJ', '"2 pJ" is an energy (needs a plain number)'],
  ])('real %j', (written, expected) => {
    expect(read(real({ min: 0, max: 1 }), written)).toBe(expected);
  });
});

describe('text, choice and flag', () => {
  test.each([
    [text(), ' a name ', 'a name'],
    [text(), '', 'is blank (write a text)'],
    [text(), 3, 'found 3 (needs a text: quote it, "3")'],
    [text(), null, 'found nothing (needs a text)'],
    [text(), 'x'.repeat(4001), 'has 4001 characters (at most 4000)'],
    [choice(['mesh', 'bus']), 'bus', 'bus'],
    [choice(['mesh', 'bus']), 'mash', 'unknown value "mash" (did you mean mesh? known: mesh, bus)'],
    [choice(['mesh', 'bus']), 3, 'found 3 (needs one of mesh, bus)'],
    [flag(), false, false],
    [flag(), true, true],
    [flag(), 'yes', true],
    [flag(), 'no', false],
    [flag(), 'on', 'found the text "on" (needs true, false, yes or no)'],
    [flag(), 1, 'found 1 (needs true, false, yes or no)'],
  ] as [Field<unknown, unknown>, unknown, unknown][])('%#: %j', (field, written, expected) => {
    expect(read(field, written)).toBe(expected);
  });

  test('a long text is shown shortened', () => {
    expect(foundText('x'.repeat(300)).length).toBeLessThan(80);
  });
});

describe('fields in a schema', () => {
  const schema = z.strictObject({
    energy: quantity('J').describe('of one conversion'),
    bits: integer({ min: 1, max: 14 }).prefault('adcBits'),
    area: quantity('m^2').optional(),
  });

  test('defaults are read like what a user writes', () => {
    expect(withParameters(parameters, () => schema.parse({ energy: '2 pJ' }))).toEqual({
      energy: 2e-12,
      bits: 8,
    });
  });

  test('the JSON Schema tells editors type, range, example and description', () => {
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
      properties: {
        energy: {
          anyOf: [{ type: 'string' }, { const: 0 }],
          examples: ['2 pJ'],
          description: 'of one conversion',
        },
        bits: { type: ['integer', 'string'], minimum: 1, maximum: 14, default: 'adcBits' },
      },
      required: ['energy'],
    });
  });

  test('an example of its own replaces that of the unit', () => {
    expect(read(quantity('m', { example: '32 nm' }), 3)).toBe('3 needs a unit (such as 32 nm)');
    const json = z.toJSONSchema(integer({ example: 128 }), { io: 'input' });
    expect(json).toMatchObject({ examples: [128] });
  });

  test('parameters are gone after the parse, also when it throws', () => {
    const field = integer();
    expect(() =>
      withParameters(parameters, () => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(field.safeParse('adcBits').success).toBe(false);
    withParameters(parameters, () => {
      withParameters(new Map(), () => expect(field.safeParse('adcBits').success).toBe(false));
      expect(field.parse('adcBits')).toBe(8);
    });
  });
});
