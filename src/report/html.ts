/** Text as HTML and attributes hold it. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A name that is too long without its middle: names differ at both ends. */
export function abridged(name: string, most = MOST_LETTERS): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const head = Math.ceil((most - 1) / 3);
  return `${letters.slice(0, head).join('')}…${letters.slice(head + 1 - most).join('')}`;
}

/** Of names in tables and hints: longer ones would decide how large a page is. */
const MOST_LETTERS = 120;

/** A table of plain text that scrolls by itself where the page is narrower; columns of `numbers` stand right. */
export function htmlTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const right = header.map((_, column) => (numbers.includes(column) ? ' class="number"' : ''));
  const head = header.map(
    (cell, column) => `<th scope="col"${right[column]!}>${escaped(abridged(cell))}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, column) => `<td${right[column]!}>${escaped(abridged(cell))}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Content (HTML) behind a line of text that opens it. */
export function details(summary: string, content: string): string {
  return `<details><summary>${escaped(summary)}</summary>${content}</details>`;
}

/** Rows of a table that may be long: the first `most`, and how many more there are. */
export function atMost<T>(
  most: number,
  rows: readonly T[],
): { readonly shown: readonly T[]; readonly rest: string } {
  const more = rows.length - most;
  return { shown: rows.slice(0, most), rest: more > 0 ? `<p>${more} more in report.json.</p>` : '' };
}
