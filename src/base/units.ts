import { functionNames, syntaxWords } from './arithmetic-words.ts';
import type { Quantity } from './dimension.ts';
import { Fault, nearestName } from './fault.ts';
import { one, percent, type Unit, unitNamed, unitNames, unitProduct } from './unit-table.ts';

/** Whether a name already means something in arithmetic, so that a parameter cannot take it. */
export function isReservedName(name: string): boolean {
  return unitNamed(name) !== undefined || functionNames.includes(name) || syntaxWords.includes(name);
}

/** The parameters that arithmetic may name: a map of them, or one that evaluates each when asked. */
export type Parameters = Pick<ReadonlyMap<string, Quantity>, 'get' | 'keys' | 'size'>;

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
    .replace(/(?<![A-Za-z_])([kMGT]?)S\s*\/\s*(s|sec)\b/g, '$1Sa/s')
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
export function evaluate(text: string, parameters: Parameters): Quantity {
  if (text.length > longest) {
    throw new Fault(`the expression has ${text.length} characters`, { cure: `at most ${longest}` });
  }
  const spelt = plainSpelling(text);
  const known = literalQuantity(spelt) ?? parameters.get(spelt);
  if (known !== undefined) return known;
  refuseTraps(spelt);
  if (evaluator === undefined) throw new EvaluatorNeeded('arithmetic needs loadUnits() first');
  return evaluator.evaluateExpression(quantitiesBound(spelt), (name) => {
    const unit = unitNamed(name);
    if (unit !== undefined)
      return { value: Number(`1e${unit.exponent}`) * unit.factor, dimensions: unit.dimensions };
    const value = parameters.get(name);
    if (value !== undefined) return value;
    throw unknownName(name, parameters);
  });
}

const longest = 200;

/**
 * Text in which a number and the unit behind it, written without a space inside the unit, stand in parentheses:
 * `2 mW / 1.2 GB/s` divides by a data rate, as people read it, where an operator precedence would not.
 */
function quantitiesBound(text: string): string {
  const literal =
    /(?<![\w.^]|\^\s*[+-]?\s*)(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*[A-Za-z]+(\^-?\d+)?([*/][A-Za-z]+(\^-?\d+)?)+(?![\w(])/g;
  return text.replace(literal, (match) => {
    let end = match.length;
    while (end > 0 && literalQuantity(match.slice(0, end)) === undefined) {
      end = Math.max(match.lastIndexOf('/', end - 1), match.lastIndexOf('*', end - 1));
    }
    return end > 0 ? `(${match.slice(0, end)})${match.slice(end)}` : match;
  });
}

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

function unknownName(name: string, parameters: Parameters): Fault {
  const hint = hints.get(name);
  if (hint !== undefined) return new Fault(`unknown unit ${name}`, { cure: hint });
  const raised = /^([A-Za-z]+)([23])$/.exec(name);
  if (raised !== null && unitNamed(raised[1]!) !== undefined) {
    return new Fault(`unknown unit ${name}`, { cure: `write ${raised[1]}^${raised[2]}` });
  }
  const lower = name.toLowerCase();
  const near =
    nearestName(name, parameters.keys()) ?? unitNames().find((unit) => unit.toLowerCase() === lower);
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
  ['cycle', 'cycles are counted: write the plain number, or define a parameter cycle'],
  ['cycles', 'cycles are counted: write the plain number, or define a parameter cycle'],
]);
