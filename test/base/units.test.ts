import fc from 'fast-check';
import * as mathjs from 'mathjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { plain, type Quantity, sameDimensions } from '../../src/base/dimension.ts';
import { unitNamed, unitNames, unitProduct } from '../../src/base/unit-table.ts';
import { kindOf, quantityText } from '../../src/base/unit-words.ts';
import { evaluate, inUnit, literalQuantity, loadUnits, plainSpelling } from '../../src/base/units.ts';

const none: ReadonlyMap<string, Quantity> = new Map();

/** Our names that mathjs does not have, or has with another meaning, in words that it has. */
const inMathjs = (name: string): string =>
  name
    .replace(/^([kMGTP]?)(Sa|ops?|samples?)$/, '$1')
    .replace(/^([kMGTP]?)OPS$/, '$1Hz')
    .replace(/^((?:[kKMGTP]i?)?)bits?$/, '$1b')
    .replace(/^([afpnumkMGTP]?)(ohms|Ohm)$/, '$1ohm');

/** Value in SI and bits, and dimensions, as mathjs itself parses a unit. */
function parsedByMathjs(text: string): Quantity {
  const unit = mathjs.unit(text) as unknown as { value: number; dimensions: readonly number[] };
  const [mass, length, time, current, temperature, , , , data] = unit.dimensions;
  return { value: unit.value, dimensions: [mass!, length!, time!, current!, temperature!, data!] };
}

describe('the evaluator', () => {
  test('is asked for only by arithmetic, and brought in by withUnits', async () => {
    vi.resetModules();
    const units = await import('../../src/base/units.ts');
    expect(units.evaluate('2 pJ', none).value).toBe(2e-12);
    expect(() => units.evaluate('2 pJ * 3', none)).toThrow(units.EvaluatorNeeded);
    expect((await units.withUnits(() => units.evaluate('2 pJ * 3', none))).value).toBe(6e-12);
  });
});

describe('unit table', () => {
  beforeAll(loadUnits);

  test('every unit agrees with mathjs in dimensions and scale', () => {
    const disagreeing = unitNames().filter((name) => {
      const ours = literalQuantity(`1.5 ${name}`)!;
      const other = inMathjs(name);
      const scale = ['', 'k', 'M', 'G', 'T', 'P'].indexOf(other);
      const theirs =
        scale >= 0 ? { value: 1.5 * 1000 ** scale, dimensions: plain } : parsedByMathjs(`1.5 ${other}`);
      return (
        !sameDimensions(ours.dimensions, theirs.dimensions) || Math.abs(ours.value / theirs.value - 1) > 1e-14
      );
    });
    expect(disagreeing).toEqual([]);
    expect(unitNames().length).toBeGreaterThan(200);
  });

  test('the gated evaluator reads every unit as the literal reader does', () => {
    for (const name of unitNames()) {
      const literal = literalQuantity(`2.5 ${name}`)!;
      const evaluated = evaluate(`(2.5 ${name})`, none);
      expect(evaluated).toEqual({ ...literal, value: Number(literal.value.toPrecision(15)) });
    }
  });

  test('products of units agree with the evaluator', () => {
    const simple = ['pJ', 'mW', 'ns', 'GHz', 'uS', 'kohm', 'KiB', 'Mbit', 'um', 'Sa', 'K'];
    const factor = fc.tuple(fc.constantFrom(...simple), fc.constantFrom('', '^2', '^-1', '^3'));
    const product = fc
      .tuple(factor, fc.array(fc.tuple(fc.constantFrom('*', '/'), factor), { maxLength: 3 }))
      .map(([first, rest]) => first.join('') + rest.map(([sign, one]) => sign + one.join('')).join(''));
    fc.assert(
      fc.property(product, (text) => {
        const literal = literalQuantity(`1 ${text}`)!;
        const evaluated = evaluate(`(1 ${text})`, none);
        expect(evaluated.dimensions).toEqual(literal.dimensions.map((exponent) => exponent + 0));
        expect(Math.abs(evaluated.value / literal.value - 1)).toBeLessThan(1e-13);
      }),
      { numRuns: 150 },
    );
  });

  test('names that could be read two ways have one meaning', () => {
    expect(unitNamed('m')!.dimensions).toEqual([0, 1, 0, 0, 0, 0]);
    expect(unitNamed('ms')!.dimensions).toEqual([0, 0, 1, 0, 0, 0]);
    expect(unitNamed('mS')!.dimensions).toEqual(unitNamed('S')!.dimensions);
    expect(unitNamed('min')).toBeUndefined();
  });
});

describe('literals', () => {
  test('are the double nearest to the decimal that was written', () => {
    const prefixes = { a: -18, f: -15, p: -12, n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom(...Object.entries(prefixes)),
        (digits, decimals, [prefix, power]) => {
          const number = (digits / 10 ** decimals).toFixed(decimals);
          expect(literalQuantity(`${number} ${prefix}F`)!.value).toBe(Number(`${number}e${power}`));
        },
      ),
    );
    expect(evaluate('10 fF', none).value).toBe(1e-14);
  });

  test.each([
    ['2.5 kΩ', 2500],
    ['1 µs', 1e-6],
    ['1 μs', 1e-6],
    ['25 um²', 25e-12],
    ['1.28 GS/s', 1.28e9],
    ['1.28GS/s', 1.28e9],
    ['1.28 GSa/s', 1.28e9],
    ['5 %', 0.05],
    ['1e-3 S', 1e-3],
    ['3 V·A', 3],
    ['−2 V', -2],
    ['.5 V', 0.5],
    ['5eV'.replace('eV', ' V'), 5],
    ['16 TOPS', 16e12],
    ['2 TOPS/W', 2e12],
    ['64 KiB', 64 * 1024 * 8],
    ['8 kB', 64_000],
    ['1.2 pJ/bit', 1.2e-12],
  ])('%s', (text, value) => {
    expect(literalQuantity(plainSpelling(text))!.value).toBe(value);
  });

  test('S/s are samples: a frequency, never siemens per second', () => {
    expect(evaluate('1.28 GS/s', none)).toEqual(evaluate('1.28 GHz', none));
    expect(kindOf(evaluate('5 S', none).dimensions)).toBe('a conductance');
  });

  test('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void literalQuantity(text)));
  });

  test('inUnit is in the unit and clean of scale noise', () => {
    expect(inUnit(literalQuantity('64 KiB')!, unitProduct('B')!)).toBe(65536);
    expect(inUnit(literalQuantity('8 pJ/B')!, unitProduct('J/bit')!)).toBe(1e-12);
    expect(inUnit(literalQuantity('10 fF')!, unitProduct('fF')!)).toBe(10);
  });

  test.each([
    [2e-12, 'J', '2 pJ'],
    [1.28e9, 'Hz', '1.28 GHz'],
    [0, 'V', '0 V'],
    [1.5, 'V', '1.5 V'],
    [2.5e-11, 'm^2', '2.5e-11 m^2'],
    [6.4e10, 'B/s', '64 GB/s'],
    [8, '1', '8'],
    [-3e-3, 'W', '-3 mW'],
  ])('%d %s reads %s', (value, unit, text) => {
    expect(quantityText(value, unit)).toBe(text);
    if (unit !== '1') expect(inUnit(literalQuantity(text)!, unitProduct(unit)!)).toBe(value);
  });
});

describe('arithmetic', () => {
  beforeAll(loadUnits);
  const parameters = new Map([
    ['adcBits', literalQuantity('8')!],
    ['tileArea', literalQuantity('2 mm^2')!],
    ['cycle', literalQuantity('100 ns')!],
  ]);

  test.each([
    ['16 mW / 8', 2e-3],
    ['2^adcBits', 256],
    ['tileArea / 2', 1e-6],
    ['2 mW / 1.25 GS/s', 1.6e-12],
    ['29.6 pJ / 32 B', 29.6e-12 / 256],
    ['1.5 GB/s * 2', 2.4e10],
    ['adcBits * 2 pJ', 16e-12],
    ['2 pJ/bit * adcBits', 16e-12],
    ['max(2 pJ, 1 fJ)', 2e-12],
    ['min(tileArea, 1 mm^2)', 1e-6],
    ['sqrt(tileArea * 2)', 2e-3],
    ['adcBits > 6 ? 3 pJ : 1 pJ', 3e-12],
    ['6 < adcBits < 9 ? 1 : 0', 1],
    ['not (adcBits > 6) ? 1 : 0', 0],
    ['ceil(2.1) + floor(2.9) + round(2.5) + abs(-1) + log2(8) + pow(2, 3)', 20],
    ['tileArea / um^2', 2e6],
    ['4 cycle', 4e-7],
    ['-2^2', -4],
    ['2 um^2 * adcBits', 16e-12],
    ['1 / 4 ns', 0.25e-9],
    ['0.1 + 0.2', 0.3],
  ])('%s', (text, value) => {
    expect(evaluate(text, parameters).value).toBe(value);
  });

  test('agrees with JavaScript over random plain expressions', () => {
    const leaf = fc.integer({ min: 1, max: 99 }).map(String);
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree'))
          .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const value = new Function(`return ${text}`)() as number;
        fc.pre(Number.isFinite(value) && text.length <= 200);
        // A difference of nearly equal numbers keeps the noise of its terms.
        expect(evaluate(text, none).value).toBeCloseTo(value, 6);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['2 pJ + 3 m', 'adds or compares quantities of different kinds'],
    ['max(2 pJ, 1 m)', 'adds or compares quantities of different kinds'],
    ['ceil(2.5 pJ)', 'ceil in "ceil(2.5 pJ)" does not take these kinds of quantity'],
    ['2^(3 m)', 'does not take these kinds of quantity'],
    ['log2(2 m)', 'log2 in "log2(2 m)" does not take'],
    ['sqrt(1, 2)', 'sqrt in "sqrt(1, 2)" has too many arguments'],
    ['max()', 'max in "max()" has too few arguments'],
    ['sqrt(-1)', 'is not a real number'],
    ['1 / 0', 'is not a finite number'],
    ['9^9^9', 'is not a finite number'],
    ['(2 m)^1e9 * 0', 'is not a finite number'],
    ['1e999', 'is not a finite number'],
    ['1 > 2', 'is a yes or no'],
    ['adcBit * 2', 'unknown unit or parameter adcBit (did you mean adcBits?'],
    ['3 mj', 'unknown unit or parameter mj (did you mean mJ?'],
    ['25 um2', 'unknown unit um2 (write um^2)'],
    ['64 KB', 'unknown unit KB (write kB for 1000 bytes or KiB for 1024)'],
    ['3 dB', 'unknown unit dB (a decibel is a logarithm'],
    ['25 degC', 'unknown unit degC (write kelvin'],
    ['2 cycles', 'unknown unit cycles (cycles are counted'],
    ['3 + 5 %', '% works only right after one number'],
    ['8 % 3', '% works only right after one number'],
    ['pJ', 'the unit pJ has no number (write 1 pJ)'],
    ['', 'is empty'],
    ['1,5 pJ', 'a decimal comma is not understood (write 1.5 pJ)'],
    ['1,000 pJ', 'digits cannot be grouped (write 1000 pJ)'],
    ['2 pJ +', 'it ends too early'],
    ['2 ** 3', 'is not a quantity nor arithmetic: near "* 3"'],
    ['max', 'the function max needs arguments'],
  ])('%j: %s', (text, message) => {
    expect(() => evaluate(text, parameters)).toThrow(message);
  });
});

describe('nothing but arithmetic runs', () => {
  beforeAll(loadUnits);

  test.each([
    'import("fs")',
    'createUnit("knot")',
    'f(x) = x',
    'a = 3',
    '1; 2',
    '[1, 2]',
    'ones(100000, 100000)',
    '1:1000000000',
    '"text"',
    '{a: 1}',
    'adcBits.constructor',
    'adcBits["constructor"]',
    'evaluate("1")',
    'parse("1")',
    'random()',
    'constructor',
    '__proto__',
    'toString()',
    'max.constructor("return process")()',
    'cos(1)',
    '5!',
    "5'",
    'true',
    'null',
    'pi',
    'e',
    'i',
    'end',
    '2 to 3',
    '2 pJ to fJ',
    '5 mod 3',
    '1 | 2',
    '~1',
    '1 << 40',
    'a.b.c()',
    '(x) => x',
    '`x`',
  ])('%s is refused', (text) => {
    expect(() => evaluate(text, new Map([['adcBits', literalQuantity('8')!]]))).toThrow(
      expect.objectContaining({ name: 'Fault' }),
    );
  });

  test('depth and length are bounded', () => {
    expect(() => evaluate(`${'('.repeat(60)}1${')'.repeat(60)}`, none)).toThrow('nested too deeply');
    expect(() => evaluate('1+'.repeat(120), none)).toThrow('has 240 characters (at most 200)');
    expect(() => evaluate('-'.repeat(199) + 1, none)).toThrow('nested too deeply');
  });

  test('any text is a quantity or a Fault', () => {
    const words = fc.constantFrom(
      ...'1 2.5 e9 pJ GS / s * ^ ( ) + - max min , ? : a . [ ] = " % µ Ω ! ;'.split(' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 30 }),
          fc.array(words, { maxLength: 12 }).map((all) => all.join('')),
        ),
        (text) => {
          try {
            expect(Number.isFinite(evaluate(text, none).value)).toBe(true);
          } catch (error) {
            expect(error).toHaveProperty('name', 'Fault');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
