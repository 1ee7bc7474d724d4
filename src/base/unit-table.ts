import { type Dimensions, plain, timesPower } from './dimension.ts';

/**
 * A unit as an exact scale over coherent SI and bits: one of it is `factor · 10^exponent`. The power of ten stays
 * apart so that `10 fF` becomes the double nearest to 1e-14, without the rounding of a multiplication.
 */
export interface Unit {
  readonly exponent: number;
  readonly factor: number;
  readonly dimensions: Dimensions;
}

/** The unit of that name, with its prefix (`pJ`, `kohm`, `KiB`), or undefined. */
export function unitNamed(name: string): Unit | undefined {
  return unitTable.get(name);
}

/** Every unit name with every prefix that it takes. */
export function unitNames(): readonly string[] {
  return [...unitTable.keys()];
}

/** The unit that a product of units spells, such as `pJ/bit`, `um^2` or `1`; undefined when it is none. */
export function unitProduct(text: string): Unit | undefined {
  let unit: Unit = { exponent: 0, factor: 1, dimensions: plain };
  let sign = 1;
  for (const [i, part] of text.split(/\s*([*/])\s*/).entries()) {
    if (i % 2 === 1) {
      sign = part === '/' ? -1 : 1;
      continue;
    }
    const match = /^([A-Za-z]+|1)(?:\s*\^\s*(-?\d{1,2}))?$/.exec(part);
    const factor = match?.[1] === '1' ? one : unitTable.get(match?.[1] ?? '');
    if (factor === undefined) return undefined;
    const power = sign * Number(match![2] ?? 1);
    unit = {
      exponent: unit.exponent + power * factor.exponent,
      factor: unit.factor * factor.factor ** power,
      dimensions: timesPower(unit.dimensions, factor.dimensions, power),
    };
  }
  return unit;
}

interface Prefix {
  readonly name: string;
  readonly exponent: number;
  readonly factor: number;
}

/** SI prefixes by their power of ten, ascending. */
export const prefixes: readonly Prefix[] = [
  ['a', -18],
  ['f', -15],
  ['p', -12],
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
].map(([name, exponent]) => ({ name: name as string, exponent: exponent as number, factor: 1 }));

const large = prefixes.filter((prefix) => prefix.exponent >= 0);

const binary: readonly Prefix[] = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'].map((name, i) => ({
  name,
  exponent: 0,
  factor: 1024 ** (i + 1),
}));

const none = prefixes.filter((prefix) => prefix.name === '');

/** The unit of plain numbers. */
export const one: Unit = { exponent: 0, factor: 1, dimensions: plain };
/** The hundredth. */
export const percent: Unit = { exponent: -2, factor: 1, dimensions: plain };

/** Spellings of each unit, its prefixes, its scale over SI and bits, and its dimensions (kg, m, s, A, K, bit). */
const definitions: readonly (readonly [string, readonly Prefix[], number, Dimensions])[] = [
  ['m', prefixes, 1, [0, 1, 0, 0, 0, 0]],
  ['s', prefixes, 1, [0, 0, 1, 0, 0, 0]],
  ['A', prefixes, 1, [0, 0, 0, 1, 0, 0]],
  ['K', prefixes, 1, [0, 0, 0, 0, 1, 0]],
  ['J', prefixes, 1, [1, 2, -2, 0, 0, 0]],
  ['W', prefixes, 1, [1, 2, -3, 0, 0, 0]],
  ['Hz', prefixes, 1, [0, 0, -1, 0, 0, 0]],
  ['V', prefixes, 1, [1, 2, -3, -1, 0, 0]],
  ['ohm ohms Ohm', prefixes, 1, [1, 2, -3, -2, 0, 0]],
  ['S', prefixes, 1, [-1, -2, 3, 2, 0, 0]],
  ['F', prefixes, 1, [-1, -2, 4, 2, 0, 0]],
  ['H', prefixes, 1, [1, 2, -2, -2, 0, 0]],
  ['C', prefixes, 1, [0, 0, 1, 1, 0, 0]],
  ['B', [...large, ...binary], 8, [0, 0, 0, 0, 0, 1]],
  ['b bit bits', [...large, ...binary], 1, [0, 0, 0, 0, 0, 1]],
  ['byte bytes', none, 8, [0, 0, 0, 0, 0, 1]],
  // `min` is the function: minutes are spelt out.
  ['minute minutes', none, 60, [0, 0, 1, 0, 0, 0]],
  ['h hour hours', none, 3600, [0, 0, 1, 0, 0, 0]],
  ['day days', none, 86_400, [0, 0, 1, 0, 0, 0]],
  // The Julian year, 365.25 days (IAU).
  ['year years', none, 31_557_600, [0, 0, 1, 0, 0, 0]],
  // Things that are counted have no dimension: a sample rate is a frequency, an energy per operation an energy.
  ['Sa', large, 1, plain],
  ['sample samples', none, 1, plain],
  ['op ops', large, 1, plain],
  // Operations per second, as in TOPS/W.
  ['OPS', large, 1, [0, 0, -1, 0, 0, 0]],
];

/** Every unit name with every prefix that it takes. */
const unitTable: ReadonlyMap<string, Unit> = new Map(
  definitions.flatMap(([names, scales, factor, dimensions]) =>
    names.split(' ').flatMap((name) => {
      const centi: Prefix = { name: 'c', exponent: -2, factor: 1 };
      return (name === 'm' ? [...scales, centi] : scales).map((prefix): [string, Unit] => [
        prefix.name + name,
        { exponent: prefix.exponent, factor: prefix.factor * factor, dimensions },
      ]);
    }),
  ),
);
