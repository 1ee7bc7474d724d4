import { Fault, nearestName } from '../../base/fault.ts';

/** Parameters of CrossSim 3.2 by their dotted names, such as `core.style` or `xbar.dac.mvm.bits`. */
export type CrossSimParameters = Readonly<Record<string, unknown>>;

/** Reads CrossSim's parameters by name; names that nothing reads are refused at the end. */
export class CrossSimReader {
  readonly #overrides: CrossSimParameters;
  readonly #known = new Set<string>(WITHOUT_EFFECT);

  constructor(overrides: CrossSimParameters) {
    this.#overrides = overrides;
  }

  number(name: string, byDefault: number): number {
    const value = this.#read(name) ?? byDefault;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.wrong(name, value, 'a number');
    return value;
  }

  /** A number that has no default, or is null. */
  optional(name: string): number | undefined {
    return (this.#read(name) ?? undefined) === undefined ? undefined : this.number(name, 0);
  }

  flag(name: string, byDefault: boolean): boolean {
    const value = this.#read(name) ?? byDefault;
    if (typeof value !== 'boolean') throw this.wrong(name, value, 'true or false');
    return value;
  }

  /** One of CrossSim's names, or its number as configuration files of CrossSim have it. */
  choice<const Name extends string>(
    name: string,
    byDefault: Name,
    names: readonly Name[],
    numbers: readonly number[] = [],
  ): Name {
    const value = this.#read(name) ?? byDefault;
    const found = names.find((known, index) => known === value || numbers[index] === value);
    if (found === undefined) throw this.wrong(name, value, `one of ${names.join(', ')}`);
    return found;
  }

  limits(name: string): [number, number][] | undefined {
    const value = this.#read(name);
    if (value === undefined || value === null) return undefined;
    const pairs = Array.isArray(value) && Array.isArray(value[0]) ? (value as unknown[]) : [value];
    return pairs.map((pair) => {
      if (Array.isArray(pair) && pair.length === 2 && pair.every((limit) => typeof limit === 'number')) {
        return [pair[0] as number, pair[1] as number];
      }
      throw this.wrong(name, value, '[low, high], or one for each slice');
    });
  }

  /** Whether a parameter is given, be it as null. */
  has(name: string): boolean {
    return name in this.#overrides;
  }

  /** A parameter whose other values have no counterpart. */
  only(name: string, ...values: readonly unknown[]): void {
    const value = this.#read(name);
    const empty = Array.isArray(value) && value.length === 0;
    if (value === undefined || value === null || empty || values.includes(value)) return;
    if (values.length === 0) throw new Fault(`${name}: has no counterpart here`, { cure: 'leave it out' });
    const needed = values.map((one) => JSON.stringify(one)).join(' or ');
    throw new Fault(`${name}: ${JSON.stringify(value)} has no counterpart here`, {
      cure: `leave it at ${needed}`,
    });
  }

  /** Everything that was not read; `vmm` may repeat what `mvm` says, or its default. */
  finish(): void {
    for (const [name, value] of Object.entries(this.#overrides)) {
      if (this.#known.has(name)) continue;
      const twin = name.replace('.vmm.', '.mvm.');
      if (twin !== name && this.#known.has(twin)) {
        if (JSON.stringify(value) === JSON.stringify(this.#overrides[twin])) continue;
        throw new Fault(`${name}: ${JSON.stringify(value)} is not what ${twin} is`, {
          cure: `transposed products have the same drivers and converters: make them equal`,
        });
      }
      const near = nearestName(name, this.#known);
      throw new Fault(`${name}: no such CrossSim parameter, or none with a counterpart`, {
        cure: near === undefined ? undefined : `did you mean ${near}?`,
      });
    }
  }

  wrong(name: string, value: unknown, needed: string): Fault {
    return new Fault(`${name}: ${JSON.stringify(value)}`, { cure: `needs ${needed}` });
  }

  #read(name: string): unknown {
    this.#known.add(name);
    return this.#overrides[name];
  }
}

/** Style of the core, and whether its weights are pairs. */
export function styleOf(reader: CrossSimReader): {
  readonly style: 'BALANCED' | 'OFFSET' | 'BITSLICED';
  readonly differential: boolean;
} {
  const style = reader.choice('core.style', 'BALANCED', ['BALANCED', 'BITSLICED', 'OFFSET'], [1, 2, 3]);
  const sliced = reader.choice('core.bit_sliced.style', 'BALANCED', ['BALANCED', 'OFFSET'], [1, 3]);
  return { style, differential: (style === 'BITSLICED' ? sliced : style) === 'BALANCED' };
}

/** What steers CrossSim's iteration, speed and profiles: nothing here depends on it. */
const WITHOUT_EFFECT = [
  ...[
    'relaxation_gamma',
    'hide_convergence_msg',
    'Verr_th_mvm',
    'Verr_matmul_criterion',
    'Niters_max_parasitics',
  ],
  ...['fast_balanced', 'disable_fast_balanced', 'disable_fast_matmul', 'disable_fast_nonlinear_IV'],
  ...['useGPU', 'gpu_id', 'analytics.profile_xbar_inputs', 'analytics.profile_adc_inputs', 'analytics.ntest'],
].map((name) => `simulation.${name}`);
