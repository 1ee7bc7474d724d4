import type { Draw, Drawing } from '../drawing.ts';
import { abridged, escaped } from '../html.ts';

/** A section of a page with its heading; empty content makes no section. */
export function section(title: string, content: string): string {
  return content === '' ? '' : `<section><h2>${escaped(abridged(title))}</h2>${content}</section>`;
}

/** A chart for pages and another for phones, the style sheet shows one of them; what stands below it is HTML. */
export async function figure(
  draw: Draw,
  drawing: (size: 'wide' | 'narrow') => Drawing,
  below = '',
): Promise<string> {
  const wide = await draw(drawing('wide'));
  const narrow = await draw(drawing('narrow'));
  return `<figure><div class="wide">${wide}</div><div class="narrow">${narrow}</div>${below}</figure>`;
}

/** What the colours of a chart stand for. */
export function legend(entries: readonly { readonly name: string; readonly colour: string }[]): string {
  const items = entries.map(
    ({ name, colour }) => `<li><i style="background:${colour}"></i>${escaped(name)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}
