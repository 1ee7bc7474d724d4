import { Fault, nearestName } from './fault.ts';

/** A part that a folder lists: found by its name in specs and on the command line, explained by its summary. */
export interface Part {
  readonly name: string;
  /** One line for `kirchhoff list`. */
  readonly summary: string;
}

/** An explicit list of parts of one kind, looked up by name; a misspelt name says the nearest one. */
export class Registry<P extends Part> {
  readonly kind: string;
  readonly parts: readonly P[];
  readonly #byName: ReadonlyMap<string, P>;

  constructor(kind: string, parts: readonly P[]) {
    this.kind = kind;
    this.parts = parts;
    const byName = new Map<string, P>();
    for (const part of parts) {
      if (byName.has(part.name)) throw new Error(`${kind} ${part.name} is listed twice`);
      byName.set(part.name, part);
    }
    this.#byName = byName;
  }

  get names(): readonly string[] {
    return this.parts.map((part) => part.name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The part of that name; a Fault names the nearest and all known ones. */
  get(name: string): P {
    const part = this.#byName.get(name);
    if (part !== undefined) return part;
    const near = nearestName(name, this.names);
    throw new Fault(`unknown ${this.kind} ${JSON.stringify(name)}`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${this.names.join(', ')}`,
    });
  }
}
