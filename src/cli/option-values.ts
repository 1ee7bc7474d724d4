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

/** Prints a document as JSON or in words. */
export function printDocument<D>(document: D, options: JsonOption, text: (document: D) => string): void {
  print(options.json ? JSON.stringify(document, null, 2) : text(document));
}

/** Prints a text and ends its line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
