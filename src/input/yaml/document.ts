import { type Document, parseDocument } from 'yaml';
import { Fault, type Place } from '../../base/fault.ts';
import { type Path, pathText } from './path.ts';
import { tooDeepAt, unclosedQuoteAt } from './tokens.ts';
import { growTree, type Spot } from './tree.ts';

/** A YAML document read into plain values, which remembers where each of them was written. */
export class YamlText {
  readonly file: string;
  readonly value: unknown;
  readonly #spots: ReadonlyMap<string, Spot>;
  readonly #text: string;

  /** Throws Faults for everything that is wrong with the text as YAML. */
  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    const document = this.#parsed(text);
    if (document.contents === null) {
      throw new Fault('is empty', {
        cure: 'write a spec, or start from one of arch/ or workloads/',
        place: { file },
      });
    }
    const { value, spots } = growTree(document, (offset, cause, cure) => {
      return new Fault(cause, { cure, place: this.#at(offset) });
    });
    this.value = value;
    this.#spots = spots;
  }

  /** The place of a path's key or value, or that of its nearest ancestor that was written. */
  place(path: Path, part: 'key' | 'value' = 'value'): Place {
    for (let length = path.length; length >= 0; length--) {
      const spot = this.#spots.get(JSON.stringify(path.slice(0, length)));
      if (spot === undefined) continue;
      const offset = part === 'key' || spot.isCollection ? (spot.key ?? spot.value) : spot.value;
      return { ...this.#at(offset), path: pathText(path) };
    }
    return { file: this.file, path: pathText(path) };
  }

  /** Every path at which a scalar was written. */
  *leaves(): Iterable<Path> {
    for (const [key, spot] of this.#spots) if (!spot.isCollection) yield JSON.parse(key);
  }

  #parsed(text: string): Document.Parsed {
    const deep = tooDeepAt(text);
    if (deep !== undefined) {
      throw new Fault('nested too deeply', { cure: 'a spec needs far less', place: this.#at(deep) });
    }
    const document = parseDocument(text, {
      merge: true,
      prettyErrors: false,
      schema: 'core',
      stringKeys: true,
      uniqueKeys: true,
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      // Only the first: what a parser finds after an error mostly follows from it.
      const [cause, cure] = reworded(problem.code, problem.message);
      const offset = /Missing closing/.test(problem.message) ? unclosedQuoteAt(text) : undefined;
      throw new Fault(cause, { cure, place: this.#at(offset ?? problem.pos[0]) });
    }
    return document;
  }

  #at(offset: number): Place {
    const start = offset === 0 ? 0 : this.#text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.#text.indexOf('\n', start);
    return {
      file: this.file,
      line: this.#text.slice(0, start).split('\n').length,
      column: offset - start + 1,
      source: this.#text.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''),
    };
  }
}

/** The parser's message in the words of a spec's author, with a cure where one is known. */
function reworded(code: string, message: string): readonly [cause: string, cure: string | undefined] {
  if (/must start at the same column/.test(message)) {
    return ['the indentation differs from the line above', 'start all keys of a map in the same column'];
  }
  const end = /end with a (.)/.exec(message)?.[1];
  if (end !== undefined) return [`a bracket before this is not closed by ${end}`, `add ${end}`];
  if (/Missing closing/.test(message)) return ['a quoted text is not closed', 'add the quote at its end'];
  return known[code] ?? [message.charAt(0).toLowerCase() + message.slice(1), undefined];
}

const known: Readonly<Record<string, readonly [cause: string, cure: string]>> = {
  TAB_AS_INDENT: ['a tab in the indentation', 'indent with spaces'],
  DUPLICATE_KEY: ['this key is given twice', 'keep one of them'],
  MULTIPLE_DOCS: ['a second document starts here', 'one document a file: remove the --- line'],
  TAG_RESOLVE_FAILED: ['tags are not used here', 'remove the !tag'],
  NON_STRING_KEY: ['this key is not a text', 'keys are names'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `:` in one line',
    'put nested keys on lines of their own, or quote a text with `: `',
  ],
};
