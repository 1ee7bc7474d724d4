/** Where in a text a fault stands: 1-based line and column, and the path of keys that leads there. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Key path inside the file, such as `analogCore.adcBank.bits`. */
  readonly path?: string;
  /** The source line itself, shown with a caret under `column`. */
  readonly source?: string;
}

/**
 * A fault of the input (a spec, a model, data, a flag), never of the program. It says what is wrong, with
 * which value, and how to cure it; the command line prints it without a stack trace and exits with code 2.
 * Texts are lower case: `layer conv3 needs 96 crossbars, the chip has 64`; cure: `use fewer replicas`.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly problem: string;
  readonly cure: string | undefined;
  readonly place: Place | undefined;

  constructor(cause: string, options: { cure?: string | undefined; place?: Place | undefined } = {}) {
    super(faultText(cause, options.cure, options.place));
    this.problem = cause;
    this.cure = options.cure;
    this.place = options.place;
  }

  /** The same fault, put at a place when it has none yet. */
  at(place: Place): Fault {
    if (this.place !== undefined) return this;
    return new Fault(this.problem, { cure: this.cure, place });
  }
}

/** Several faults found in one pass, reported together (one message, the first decides the place). */
export class Faults extends Fault {
  readonly all: readonly Fault[];

  constructor(all: readonly Fault[]) {
    const first = all[0]!;
    super(first.problem, { cure: first.cure, place: first.place });
    this.all = all;
    this.message = all.map((fault) => fault.message).join('\n');
  }
}

/** The known name nearest to a misspelt one (edit distance at most 1/3 of its length, at least 2), or undefined. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function faultText(cause: string, cure: string | undefined, place: Place | undefined): string {
  const parts: string[] = [];
  if (place !== undefined) {
    const where = [place.file];
    if (place.line !== undefined) where.push(String(place.line));
    if (place.line !== undefined && place.column !== undefined) where.push(String(place.column));
    parts.push(place.path ? `${where.join(':')} ${place.path}: ` : `${where.join(':')}: `);
  }
  parts.push(cause);
  if (cure !== undefined) parts.push(` (${cure})`);
  if (place?.source !== undefined && place.column !== undefined) {
    // Long lines (minified JSON, data mistaken for a spec) are cut around the caret.
    const start = Math.max(0, place.column - 60);
    const text = place.source.slice(start, start + 100).replace(/\t/g, ' ');
    parts.push(`\n  ${text}\n  ${' '.repeat(place.column - 1 - start)}^`);
  }
  return parts.join('');
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}
