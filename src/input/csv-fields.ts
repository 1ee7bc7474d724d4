import { Fault, type Place } from '../base/fault.ts';

/**
 * The fields of a line of CSV, with blanks around them: separated by commas, quoted as in RFC 4180 or not. Throws a Fault for a
 * quote that is not closed, that text follows, or that stands within a field.
 */
export function csvFields(text: string, file: string, number: number): string[] {
  if (!text.includes('"')) return text.split(',');
  return spans(text, file, number).map(({ from, to }) => {
    const written = text.slice(from, to);
    const bare = written.trim();
    return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : written;
  });
}

/** The fields of a line; a Fault unless they are as many as the header names. */
export function csvRow(text: string, columns: readonly string[], file: string, number: number): string[] {
  const fields = csvFields(text, file, number);
  if (fields.length === columns.length) return fields;
  throw new Fault(
    `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, the header names ${columns.length}`,
    { cure: columns.join(','), place: { file, line: number, column: 1, source: text } },
  );
}

/** Where a field begins, to be shown in a Fault. */
export function fieldPlace(text: string, field: number, file: string, number: number): Place {
  const { from, to } = spans(text, file, number)[field]!;
  const written = text.slice(from, to);
  const blanks = written.length - written.trimStart().length;
  return { file, line: number, column: from + blanks + 1, source: text };
}

/** A decimal number; NaN of anything else, such as 0x10, Infinity or nothing. */
export function decimal(field: string): number {
  return DECIMAL.test(field) ? Number(field) : Number.NaN;
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A quoted field, or the blanks and letters of one that is not; from where the last one ended. */
const FIELD = /\s*"(?:[^"]|"")*"\s*(?=,|$)|[^",]*(?=,|$)/y;

/** Where each field of a line begins and ends, quotes included. */
function spans(text: string, file: string, number: number): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let from = 0; ;) {
    FIELD.lastIndex = from;
    if (!FIELD.test(text)) throw wrongQuote(text, from, file, number);
    const to = FIELD.lastIndex;
    found.push({ from, to });
    if (to === text.length) return found;
    from = to + 1;
  }
}

function wrongQuote(text: string, from: number, file: string, number: number): Fault {
  const quote = text.indexOf('"', from);
  const place = { file, line: number, column: quote + 1, source: text };
  if (text.slice(from, quote).trim() !== '')
    return new Fault('a quote within a field', { cure: 'quote the whole field: "a ""b"""', place });
  const closed = /"(?:[^"]|"")*"(?!")/y;
  closed.lastIndex = quote;
  if (!closed.test(text))
    return new Fault('a quote that is not closed', { cure: 'close it in the same line', place });
  return new Fault('text after a quoted field', {
    cure: 'separate fields by commas; a quote within one is written twice',
    place: { ...place, column: closed.lastIndex + 1 },
  });
}
