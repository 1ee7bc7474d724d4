import { type Dimensions, plain, type Quantity, sameDimensions, siBase, timesPower } from './dimension.ts';
import { Fault, nearestName } from './fault.ts';

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

/**
 * Text with the spellings that people write for units brought to the table's: micro sign and ohm sign, raised
 * digits, middle dot, and `GS/s`, which means samples and not siemens per second.
 */
export function plainSpelling(text: string): string {
  return text
    .replace(/[\u00b5\u03bc]/g, 'u')
    .replace(/[\u2126\u03a9]/g, 'ohm')
    .replace(/\u00b2/g, '^2')
    .replace(/\u00b3/g, '^3')
    .replace(/[\u00b7\u00d7\u22c5]/g, '*')
    .replace(/\u2212/g, '-')
    .replace(/\b([kMGT]?)S\s*\/\s*(s|sec)\b/g, '$1Sa/s')
    .trim();
}

/** A number with a product of units (or `%`), read without the evaluator; undefined for anything else. */
export function literalQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)\s*(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,4}))?\s*([A-Za-z][A-Za-z0-9*/^ -]*|%|)$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, sign, digits, power, name] = match;
  const unit = name === '' ? one : name === '%' ? percent : unitProduct(name!.trim());
  if (unit === undefined) return undefined;
  const value = Number(`${sign}${digits}e${Number(power ?? 0) + unit.exponent}`) * unit.factor;
  return Number.isFinite(value) ? { value, dimensions: unit.dimensions } : undefined;
}

/** A quantity's number in a unit, free of the last-digit noise of the scale (15 significant digits). */
export function inUnit(quantity: Quantity, unit: Unit): number {
  if (unit.exponent === 0 && unit.factor === 1) return quantity.value;
  return clean(quantity.value / unit.factor / 10 ** unit.exponent);
}

/** A number rounded to 15 significant digits, which hides the last-bit noise of arithmetic on decimals. */
export function clean(value: number): number {
  return Number(value.toPrecision(15));
}

/** What a quantity of these dimensions is called, with its article, such as `a conductance`. */
export function kindOf(dimensions: Dimensions): string {
  for (const [text, noun] of kinds) {
    if (sameDimensions(unitProduct(text)!.dimensions, dimensions)) return noun;
  }
  return `in ${siBase(dimensions)}`;
}

/** A value in an unprefixed unit as people write it: `2e-12` J is `2 pJ`; counts and products stay plain. */
export function quantityText(value: number, unit: string): string {
  if (unit === '1') return String(value);
  const first = /^[A-Za-z]+/.exec(unit)?.[0] ?? '';
  const rest = unit.slice(first.length);
  if (value === 0 || !/^([*/]|$)/.test(rest)) return `${value} ${unit}`;
  const power = Math.floor(Math.log10(Math.abs(value)) / 3) * 3;
  const prefix = prefixes.find(
    (candidate) => candidate.exponent === power && unitTable.has(candidate.name + first),
  );
  if (prefix === undefined) return `${value} ${unit}`;
  return `${Number((value / 10 ** power).toPrecision(12))} ${prefix.name}${unit}`;
}

/** The evaluator of arithmetic, mathjs behind a gate, once `loadUnits` has brought it in. */
let evaluator: typeof import('./expression.ts') | undefined;

/** Brings in mathjs (0.3 s), which arithmetic needs and literals such as `2 pJ` do not. */
export async function loadUnits(): Promise<void> {
  evaluator ??= await import('./expression.ts');
}

/** Thrown out of a synchronous parse that met arithmetic before `loadUnits`; `withUnits` catches it. */
export class EvaluatorNeeded extends Error {}

/** The result of synchronous work that may meet arithmetic: mathjs is brought in when the work asks for it. */
export async function withUnits<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EvaluatorNeeded)) throw error;
    await loadUnits();
    return work();
  }
}

/**
 * The quantity that a text says: a literal (`2 pJ`), a parameter, or arithmetic over both. Throws a Fault when
 * it is none of them, `EvaluatorNeeded` when it is arithmetic and mathjs is not there yet.
 */
export function evaluate(text: string, parameters: ReadonlyMap<string, Quantity>): Quantity {
  if (text.length > longest) {
    throw new Fault(`the expression has ${text.length} characters`, { cure: `at most ${longest}` });
  }
  const spelt = plainSpelling(text);
  const known = literalQuantity(spelt) ?? parameters.get(spelt);
  if (known !== undefined) return known;
  refuseTraps(spelt);
  if (evaluator === undefined) throw new EvaluatorNeeded('arithmetic needs loadUnits() first');
  return evaluator.evaluateExpression(spelt, (name) => {
    const unit = unitTable.get(name);
    if (unit !== undefined)
      return { value: Number(`1e${unit.exponent}`) * unit.factor, dimensions: unit.dimensions };
    const value = parameters.get(name);
    if (value !== undefined) return value;
    throw unknownName(name, parameters);
  });
}

const longest = 200;

/** Spellings that would silently mean something else, or that people expect to work. */
function refuseTraps(text: string): void {
  if (text === '') throw new Fault('is empty', { cure: 'write a quantity such as 2 pJ' });
  if (text.includes('%'))
    throw new Fault('% works only right after one number', { cure: 'write 0.05 for 5 %' });
  if (unitProduct(text) !== undefined)
    throw new Fault(`the unit ${text} has no number`, { cure: `write 1 ${text}` });
  if (/^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/.test(text)) throw new Fault(`${text} is not a finite number`);
  if (/^[+-]?\d{1,3}([,_']\d{3})+/.test(text)) {
    throw new Fault('digits cannot be grouped', {
      cure: `write ${text.replace(/(\d)[,_'](?=\d{3})/g, '$1')}`,
    });
  }
  if (/^[+-]?\d+,\d+/.test(text)) {
    throw new Fault('a decimal comma is not understood', { cure: `write ${text.replace(',', '.')}` });
  }
}

function unknownName(name: string, parameters: ReadonlyMap<string, Quantity>): Fault {
  const hint = hints.get(name);
  if (hint !== undefined) return new Fault(`unknown unit ${name}`, { cure: hint });
  const raised = /^([A-Za-z]+)([23])$/.exec(name);
  if (raised !== null && unitTable.has(raised[1]!)) {
    return new Fault(`unknown unit ${name}`, { cure: `write ${raised[1]}^${raised[2]}` });
  }
  const near =
    nearestName(name, parameters.keys()) ??
    (name.length > 1 ? nearestName(name, unitTable.keys()) : undefined);
  const known =
    parameters.size === 0 ? 'no parameters are defined' : `parameters: ${[...parameters.keys()].join(', ')}`;
  return new Fault(`unknown unit or parameter ${name}`, {
    cure: near === undefined ? known : `did you mean ${near}? ${known}`,
  });
}

const hints = new Map([
  ['dB', 'a decibel is a logarithm: write the ratio'],
  ['KB', 'write kB for 1000 bytes or KiB for 1024'],
  ['degC', 'write kelvin: 25 degrees Celsius are 298.15 K'],
  ['sec', 'write s'],
  ['Kohm', 'write kohm'],
  ['mho', 'write S'],
  ['sample', 'write Sa, as in 1.28 GSa/s'],
]);

interface Prefix {
  readonly name: string;
  readonly exponent: number;
  readonly factor: number;
}

const prefixes: readonly Prefix[] = [
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

const one: Unit = { exponent: 0, factor: 1, dimensions: plain };
const percent: Unit = { exponent: -2, factor: 1, dimensions: plain };

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
  ['cycle cycles', none, 1, plain],
  // Operations per second, as in TOPS/W.
  ['OPS', large, 1, [0, 0, -1, 0, 0, 0]],
];

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

const kinds: readonly (readonly [string, string])[] = [
  ['1', 'a plain number'],
  ['J', 'an energy'],
  ['W', 'a power'],
  ['s', 'a time'],
  ['Hz', 'a frequency'],
  ['m', 'a length'],
  ['m^2', 'an area'],
  ['m^3', 'a volume'],
  ['A', 'a current'],
  ['V', 'a voltage'],
  ['ohm', 'a resistance'],
  ['S', 'a conductance'],
  ['F', 'a capacitance'],
  ['H', 'an inductance'],
  ['C', 'a charge'],
  ['K', 'a temperature'],
  ['B', 'an amount of data'],
  ['B/s', 'a data rate'],
  ['J/B', 'an energy per amount of data'],
  ['W/m^2', 'a power per area'],
  ['J/m', 'an energy per length'],
  ['ohm/m', 'a resistance per length'],
  ['F/m', 'a capacitance per length'],
  ['F/m^2', 'a capacitance per area'],
  ['s/m', 'a time per length'],
  ['V/s', 'a slew rate'],
  ['1/J', 'an efficiency'],
];
