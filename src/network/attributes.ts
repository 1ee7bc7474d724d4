import type { Attributes } from './network.ts';

/** A number among a layer's attributes; throws when it is missing or of another type. */
export function numberOf(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value === 'number') return value;
  throw new TypeError(`attribute ${name} must be a number, got ${JSON.stringify(value)}`);
}

/** A list of numbers among a layer's attributes; throws when it is missing or of another type. */
export function numbersOf(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (typeof value === 'object') return value;
  throw new TypeError(`attribute ${name} must be a list of numbers, got ${JSON.stringify(value)}`);
}
