import { Lexer } from 'yaml';

/**
 * The offset at which a YAML text nests deeper than any spec, or undefined. Looked for before parsing, because the
 * parser recurses and can take the process down with it: brackets are counted by the lexer, which does not
 * recurse and knows quotes and comments; block nesting is bounded by the indentation that it needs.
 */
export function tooDeepAt(text: string): number | undefined {
  for (const match of text.matchAll(/^[ ?-]*/gm)) {
    if (match[0].length > widestIndent) return match.index;
  }
  let depth = 0;
  for (const [token, offset] of tokens(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (depth > deepestFlow) return offset;
  }
  return undefined;
}

/** The offset of the first quote that opens a text and is not closed; undefined when there is none. */
export function unclosedQuoteAt(text: string): number | undefined {
  for (const [token, offset] of tokens(text)) {
    const quote = token[0];
    if ((quote === '"' || quote === "'") && (token.length === 1 || !token.endsWith(quote))) return offset;
  }
  return undefined;
}

const widestIndent = 128;
const deepestFlow = 64;

function* tokens(text: string): Iterable<readonly [token: string, offset: number]> {
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    yield [token, offset];
    if (!marks.has(token)) offset += token.length;
  }
}

/** Tokens that mark a position and stand for no text: document, error in flow, scalar. */
const marks = new Set(['\u0002', '\u0018', '\u001f']);
