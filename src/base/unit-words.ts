import { type Dimensions, sameDimensions, siBase } from './dimension.ts';
import { prefixes, unitNamed, unitProduct } from './unit-table.ts';

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
    (candidate) => candidate.exponent === power && unitNamed(candidate.name + first) !== undefined,
  );
  if (prefix === undefined) return `${value} ${unit}`;
  return `${Number((value / 10 ** power).toPrecision(12))} ${prefix.name}${unit}`;
}

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
