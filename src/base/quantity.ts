import { z } from 'zod';
import { plain, type Quantity, sameDimensions } from './dimension.ts';
import { Fault, nearestName } from './fault.ts';
import { one, type Unit, unitProduct } from './unit-table.ts';
import { kindOf, quantityText } from './unit-words.ts';
import { evaluate, inUnit, literalQuantity, plainSpelling } from './units.ts';

export { loadUnits, withUnits } from './units.ts';

/** Bounds of a number, in the field's own unit: `min` and `max` belong to the range, `above` and `below` do not. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  /** A typical value as a user writes it, for errors and editors, such as `32 nm` or 128. */
  readonly example?: string | number;
}

/** A field of a spec: what may be written in the file, and the value that the program reads. */
export type Field<Value, Written = Value> = z.ZodType<Value, Written>;

/**
 * A physical quantity: a text such as `2 pJ`, or arithmetic over parameters, read as a number in `unit`
 * (`J`, `samples/s`, `m^2`, `B/s`, `J/bit`, …). A bare number passes only as 0, or where the unit is `1`.
 */
export function quantity(unit: string, range: Range = {}): Field<number, string | number> {
  const target = unitProduct(unit);
  if (target === undefined) throw new Error(`quantity(${JSON.stringify(unit)}): no such unit`);
  if (unit === '1') return real(range);
  const example = range.example ?? exampleOf(unit);
  const needed = `${kindOf(target.dimensions)}, such as ${example}`;
  const schema = { anyOf: [{ type: 'string' }, { const: 0 }], examples: [example] };
  return field(schema, needed, (written) => {
    if (typeof written === 'number' && written !== 0 && Number.isFinite(written)) {
      throw new Fault(`${written} needs a unit`, { cure: `such as ${example}` });
    }
    const value = evaluated(written, needed);
    const isBareZero = value.value === 0 && sameDimensions(value.dimensions, plain);
    return inRange(written, isBareZero ? 0 : measured(written, value, target, needed), range, unit);
  });
}

/** A quantity, or a word in its place that names a rule for it. */
export function quantityOr<const Word extends string>(
  word: Word,
  unit: string,
  range: Range = {},
): Field<number | Word, string | number> {
  const plainly = quantity(unit, range);
  const schema = { anyOf: [{ const: word }, { type: 'string' }, { const: 0 }], examples: [word] };
  return field(schema, `${word} or a quantity in ${unit}`, (written) => {
    if (written === word) return word;
    const read = plainly.safeParse(written);
    if (read.success) return read.data;
    const issue = read.error.issues[0] as { message: string; params?: { cure?: string } };
    throw new Fault(issue.message, { cure: issue.params?.cure });
  });
}

/** A whole number without dimension: a count, a number of bits. Arithmetic may yield it. */
export function integer(range: Range = {}): Field<number, string | number> {
  const needed = 'a whole number';
  return field({ type: ['integer', 'string'], ...bounds(range) }, needed, (written) => {
    const value = measured(written, evaluated(written, needed), one, needed);
    if (!Number.isSafeInteger(value)) {
      throw new Fault(`${valueText(written, String(value))} is not a whole number`, {
        cure: Number.isInteger(value) ? 'it is too large' : 'ceil(…) and floor(…) round',
      });
    }
    return inRange(written, value, range, '1');
  });
}

/** A number without dimension: a ratio, a fraction (also written `5 %`), a coefficient. Arithmetic may yield it. */
export function real(range: Range = {}): Field<number, string | number> {
  const needed = 'a plain number';
  return field({ type: ['number', 'string'], ...bounds(range) }, needed, (written) =>
    inRange(written, measured(written, evaluated(written, needed), one, needed), range, '1'),
  );
}

/** A text of at most 4000 characters that is not blank. */
export function text(): Field<string> {
  return field({ type: 'string', minLength: 1, maxLength: 4000 }, 'a text', (written) => {
    if (typeof written === 'number' || typeof written === 'boolean') {
      throw new Fault(`found ${written}`, { cure: `needs a text: quote it, "${written}"` });
    }
    if (typeof written !== 'string') throw wrongType(written, 'a text');
    if (written.trim() === '') throw new Fault('is blank', { cure: 'write a text' });
    if (written.length > 4000) throw new Fault(`has ${written.length} characters`, { cure: 'at most 4000' });
    return written.trim();
  });
}

/** One of a few names. */
export function choice<const Names extends readonly string[]>(names: Names): Field<Names[number]> {
  const needed = names.length === 1 ? names[0]! : `one of ${names.join(', ')}`;
  return field({ type: 'string', enum: [...names] }, needed, (written) => {
    if (typeof written !== 'string') throw wrongType(written, needed);
    if (names.includes(written)) return written;
    const near = nearestName(written, names);
    throw new Fault(`unknown value ${JSON.stringify(written)}`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${names.join(', ')}`,
    });
  });
}

/** A switch: true or false, also written yes or no. */
export function flag(): Field<boolean, boolean | 'yes' | 'no'> {
  const needed = 'true, false, yes or no';
  return field({ type: ['boolean', 'string'], enum: [true, false, 'yes', 'no'] }, needed, (written) => {
    if (typeof written === 'boolean') return written;
    // YAML 1.2 reads yes and no as texts.
    if (written === 'yes' || written === 'no') return written === 'yes';
    throw wrongType(written, needed);
  });
}

/**
 * Runs a synchronous parse in which the names of a scope stand for their quantities. The scope is a static
 * variable because zod parses without context; it is restored also when the parse throws.
 */
export function withParameters<T>(parameters: ReadonlyMap<string, Quantity>, parse: () => T): T {
  const outer = scope;
  scope = parameters;
  try {
    return parse();
  } finally {
    scope = outer;
  }
}

/** What a value of a spec is, in words for an error: `a list`, `the text "on"`, `nothing`. */
export function foundText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${shortened(value)}`;
  return String(value);
}

let scope: ReadonlyMap<string, Quantity> = new Map();

/** A schema whose reader throws Faults, which become issues that keep their cure. */
function field<Value, Written>(
  schema: Readonly<Record<string, unknown>>,
  needed: string,
  read: (written: unknown) => Value,
): Field<Value, Written> {
  const reader = z
    .unknown()
    .meta(schema)
    .transform((written, context): Value => {
      try {
        if (written === undefined) throw new Fault(`missing, needs ${needed}`);
        return read(written);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        context.issues.push({
          code: 'custom',
          message: error.problem,
          input: written,
          params: { cure: error.cure },
        });
        return z.NEVER;
      }
    });
  return reader as unknown as Field<Value, Written>;
}

function evaluated(written: unknown, needed: string): Quantity {
  if (typeof written === 'number') {
    if (Number.isFinite(written)) return { value: written, dimensions: plain };
    throw new Fault(`${written} is not a finite number`, { cure: `needs ${needed}` });
  }
  if (typeof written !== 'string') throw wrongType(written, needed);
  return evaluate(written, scope);
}

/** The number of a quantity in a unit, or the Fault that names both kinds. */
function measured(written: unknown, value: Quantity, target: Unit, needed: string): number {
  if (sameDimensions(value.dimensions, target.dimensions)) return inUnit(value, target);
  throw new Fault(`${shortened(String(written))} is ${kindOf(value.dimensions)}`, {
    cure: `needs ${needed}`,
  });
}

function inRange(written: unknown, value: number, range: Range, unit: string): number {
  const { min, max, above, below } = range;
  const cure =
    min !== undefined && value < min
      ? `at least ${quantityText(min, unit)}`
      : max !== undefined && value > max
        ? `at most ${quantityText(max, unit)}`
        : above !== undefined && value <= above
          ? `more than ${quantityText(above, unit)}`
          : below !== undefined && value >= below
            ? `less than ${quantityText(below, unit)}`
            : undefined;
  if (cure === undefined) return value;
  const size = /most|less/.test(cure) ? 'large' : 'small';
  throw new Fault(`${valueText(written, quantityText(value, unit))} is too ${size}`, { cure });
}

function wrongType(found: unknown, needed: string): Fault {
  return new Fault(`found ${foundText(found)}`, { cure: `needs ${needed}` });
}

/** A value, preceded by the arithmetic that yielded it: `2^adcBits = 256`. */
function valueText(written: unknown, value: string): string {
  if (typeof written !== 'string' || literalQuantity(plainSpelling(written)) !== undefined) return value;
  return `${written.trim()} = ${value}`;
}

function shortened(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}

/** The range of a plain number in the words of JSON Schema. */
function bounds({ min, max, above, below, example }: Range): Readonly<Record<string, unknown>> {
  return {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(below === undefined ? {} : { exclusiveMaximum: below }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

const examples: Readonly<Record<string, string>> = {
  J: '2 pJ',
  W: '16 mW',
  s: '100 ns',
  Hz: '1 GHz',
  'samples/s': '1.28 GS/s',
  'Sa/s': '1.28 GS/s',
  m: '25 um',
  'm^2': '25 um^2',
  S: '0.5 uS',
  ohm: '2.5 ohm',
  V: '0.9 V',
  A: '100 uA',
  F: '10 fF',
  K: '300 K',
  B: '64 KiB',
  'B/s': '64 GB/s',
  'J/B': '8 pJ/B',
  'J/bit': '1.2 pJ/bit',
};

function exampleOf(unit: string): string {
  return examples[unit] ?? `1 ${unit}`;
}
