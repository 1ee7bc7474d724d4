import { InvalidArgumentError, Option } from 'commander';

/** What every command that answers has. */
export interface JsonOption {
  readonly json?: true;
}

/** The flag for one JSON document instead of words. */
export function jsonOption(): Option {
  return new Option('--json', 'one JSON document on standard output (see `kirchhoff schema`)');
}

/** Gathers the values of a flag that may be repeated. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** Reads a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1e3) return value;
  throw new InvalidArgumentError('needs a number above 0, at most 1000');
}

/** Reads a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`needs a whole number from ${min} to ${max}`);
  };
}

/** Reads multiples of a load, such as `0.5,0.8,1,1.2`: two to 32 different numbers from 0.001 to 1000, ascending in the result. */
export function loadFactors(text: string): readonly number[] {
  const written = text.split(',').map((one) => one.trim());
  const factors = written.map((one) => (/^(\d+\.?\d*|\.\d+)$/.test(one) ? Number(one) : Number.NaN));
  const wrong = factors.findIndex((factor) => !(factor >= 0.001 && factor <= 1000));
  if (wrong >= 0) throw unfit(`${JSON.stringify(written[wrong])} is no number from 0.001 to 1000`);
  const twice = written.find((_, at) => factors.indexOf(factors[at]!) !== at);
  if (twice !== undefined) throw unfit(`${twice} comes twice`);
  if (factors.length < 2 || factors.length > 32) throw unfit(`needs 2 to 32 factors, got ${factors.length}`);
  return factors.sort((a, b) => a - b);

  function unfit(problem: string): InvalidArgumentError {
    return new InvalidArgumentError(`${problem}: multiples of the load such as 0.4,0.6,0.8,1,1.2`);
  }
}

/** Prints a document as JSON or in words. */
export function printDocument<D>(document: D, options: JsonOption, text: (document: D) => string): void {
  print(options.json ? JSON.stringify(document, null, 2) : text(document));
}

/** Prints a text and ends its line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
