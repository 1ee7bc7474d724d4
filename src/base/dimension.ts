/** Exponents of kilogram, metre, second, ampere, kelvin and bit: what kind of thing a quantity measures. */
export type Dimensions = readonly [
  mass: number,
  length: number,
  time: number,
  current: number,
  temperature: number,
  data: number,
];

/** A number with its dimensions, in coherent SI (kg, m, s, A, K) and bits. */
export interface Quantity {
  readonly value: number;
  readonly dimensions: Dimensions;
}

/** The dimensions of a plain number. */
export const plain: Dimensions = [0, 0, 0, 0, 0, 0];

/** Whether two quantities measure the same kind of thing and can be compared or added. */
export function sameDimensions(a: Dimensions, b: Dimensions): boolean {
  return a.every((exponent, i) => Math.abs(exponent - b[i]!) < 1e-9);
}

/** The dimensions of `a · b^power`. */
export function timesPower(a: Dimensions, b: Dimensions, power: number): Dimensions {
  return a.map((exponent, i) => exponent + power * b[i]!) as unknown as Dimensions;
}

/** Dimensions as a product of SI base units, such as `kg m^2 s^-2`; `1` for a plain number. */
export function siBase(dimensions: Dimensions): string {
  const names = ['kg', 'm', 's', 'A', 'K', 'bit'];
  const factors = dimensions.flatMap((exponent, i) =>
    exponent === 0 ? [] : [exponent === 1 ? names[i]! : `${names[i]}^${exponent}`],
  );
  return factors.length === 0 ? '1' : factors.join(' ');
}
