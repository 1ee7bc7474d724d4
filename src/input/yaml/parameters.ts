import { plain, type Quantity } from '../../base/dimension.ts';
import { Fault, Faults, type Place } from '../../base/fault.ts';
import { foundText } from '../../base/quantity.ts';
import { evaluate, isReservedName, type Parameters } from '../../base/units.ts';

/**
 * The quantities that a spec's `parameters:` define, each a number, a quantity or arithmetic over the others in
 * any order, and over those `given`. `place` says where one stands. Throws Faults for cycles, bad names and what does not evaluate.
 */
export function evaluateParameters(
  written: Readonly<Record<string, unknown>>,
  place: (name: string, part: 'key' | 'value') => Place,
  given: ReadonlyMap<string, Quantity> = new Map(),
): ReadonlyMap<string, Quantity> {
  const names = Object.keys(written);
  if (names.length > most) {
    throw new Fault(`${names.length} parameters`, {
      cure: `at most ${most}`,
      place: place(names[0]!, 'key'),
    });
  }
  const parameters = new LazyParameters(written, place, given);
  for (const name of names) parameters.settle(name);
  if (parameters.faults.length > 0) throw new Faults(parameters.faults);
  return parameters.values;
}

const most = 200;

/** Marks a parameter that failed because of another, whose fault is already noted. */
class Poisoned extends Error {}

/** Evaluates each parameter when it is first asked for, so that order in the file does not matter. */
class LazyParameters {
  readonly values = new Map<string, Quantity>();
  readonly faults: Fault[] = [];
  readonly #written: Readonly<Record<string, unknown>>;
  readonly #place: (name: string, part: 'key' | 'value') => Place;
  readonly #open: string[] = [];
  readonly #failed = new Set<string>();

  constructor(
    written: Readonly<Record<string, unknown>>,
    place: (name: string, part: 'key' | 'value') => Place,
    given: ReadonlyMap<string, Quantity>,
  ) {
    for (const [name, value] of given) if (!Object.hasOwn(written, name)) this.values.set(name, value);
    this.#written = written;
    this.#place = place;
  }

  /** Evaluates a parameter and notes its fault, if it has one of its own. */
  settle(name: string): void {
    if (this.values.has(name) || this.#failed.has(name)) return;
    this.#open.push(name);
    try {
      this.values.set(name, this.#evaluated(name));
    } catch (error) {
      this.#failed.add(name);
      if (error instanceof Fault) this.faults.push(error.at(this.#place(name, 'value')));
      else if (!(error instanceof Poisoned)) throw error;
    } finally {
      this.#open.pop();
    }
  }

  #evaluated(name: string): Quantity {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      const cure = 'use letters, digits and _, starting with a letter';
      throw new Fault(`${JSON.stringify(name)} cannot name a parameter`, {
        cure,
        place: this.#place(name, 'key'),
      });
    }
    if (isReservedName(name)) {
      const cure = `give it a longer name, such as ${name}Value`;
      throw new Fault(`${name} is the name of a unit or a function`, {
        cure,
        place: this.#place(name, 'key'),
      });
    }
    const value = this.#written[name];
    if (typeof value === 'number' && Number.isFinite(value)) return { value, dimensions: plain };
    if (typeof value === 'string') return evaluate(value, this.#scope());
    throw new Fault(`found ${foundText(value)}`, {
      cure: 'a parameter is a number, a quantity or arithmetic',
    });
  }

  #scope(): Parameters {
    const names = new Set([...this.values.keys(), ...Object.keys(this.#written)]);
    return { get: (name) => this.#demand(name), keys: () => names.values(), size: names.size };
  }

  #demand(name: string): Quantity | undefined {
    if (!Object.hasOwn(this.#written, name)) return this.values.get(name);
    const start = this.#open.indexOf(name);
    if (start >= 0) {
      const cycle = [...this.#open.slice(start), name].join(' → ');
      throw new Fault(`parameters depend on each other: ${cycle}`, { cure: 'give one of them a value' });
    }
    this.settle(name);
    if (this.#failed.has(name)) throw new Poisoned();
    return this.values.get(name);
  }
}
