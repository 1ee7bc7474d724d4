import type { BoxChart, Label } from './box-chart.ts';

/** Where a chart of rows is shown: on a page, or on a phone. */
export type Size = 'wide' | 'narrow';

/** Pixels of the whole drawing, and of the names and figures beside its rows. */
const SIZES = {
  wide: { total: 1100, left: 190, right: 108 },
  narrow: { total: 358, left: 112, right: 62 },
} as const;

/** The frame of a chart of named rows: everything but what stands in them. */
export function rowFrame(
  size: Size,
  rows: readonly { readonly name: string; readonly figure?: string }[],
  rowHeight: number,
  domain: readonly [number, number],
): Pick<BoxChart, 'width' | 'height' | 'padding' | 'domain' | 'labels'> {
  const { total, left, right } = SIZES[size];
  const labels = rows.flatMap(({ name, figure }, row): Label[] => {
    const y = (row + 0.5) * rowHeight;
    const text = tail(name, left - 12, 12);
    return [
      { x: domain[0], y, text, align: 'right', dx: -8, ...(text === name ? {} : { whole: name }) },
      ...(figure === undefined
        ? []
        : [{ x: domain[1], y, text: figure, align: 'left', dx: 6, muted: true } as const]),
    ];
  });
  return {
    width: total - left - right,
    height: Math.max(1, rows.length) * rowHeight,
    padding: { left, right, top: 4, bottom: 40 },
    domain,
    labels,
  };
}

/** The end of a name that is wider than so many pixels: names of layers differ there. */
export function tail(name: string, pixels: number, fontSize: number): string {
  const letters = [...name];
  let left = pixels / fontSize;
  if (letters.reduce((sum, letter) => sum + letterWidth(letter), 0) <= left) return name;
  left -= letterWidth('…');
  let from = letters.length;
  while (from > 0 && letterWidth(letters[from - 1]!) <= left) {
    from -= 1;
    left -= letterWidth(letters[from]!);
  }
  return `…${letters.slice(from).join('')}`;
}

// In em, rounded up from DejaVu Sans: of the fonts that a page may get, a wide one.
function letterWidth(letter: string): number {
  if (/[ijlftr.,:;|!'()[\]/\\ -]/.test(letter)) return 0.42;
  if (/[mwMW@%…]|[^ -\u04ff]/.test(letter)) return 1;
  return /[A-Z_]/.test(letter) ? 0.75 : 0.64;
}
