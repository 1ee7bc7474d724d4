import type { TopLevelSpec } from 'vega-lite';
import { abridged, escaped } from './html.ts';

/** Something to be drawn: data only, so that a report can be put together without a plot library. */
export interface Drawing {
  /** What it shows, and in a sentence what it says: for who cannot see it. */
  readonly title: string;
  readonly description: string;
  readonly spec: TopLevelSpec;
}

export type Draw = (drawing: Drawing) => Promise<string>;

/**
 * Draws as SVG that takes its colours from the page around it and shows the `description` of a mark on hover; loads
 * vega and vega-lite, some 0.5 s. Each renderer numbers its drawings: one for a page.
 */
export async function drawingRenderer(): Promise<Draw> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  let number = 0;
  return async ({ title, description, spec }) => {
    const { spec: compiled } = compile({ ...spec, background: 'transparent', config: CONFIG });
    const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    number += 1;
    const names = `aria-labelledby="drawing-${number} drawing-${number}-text"`;
    const texts = `<title id="drawing-${number}">${escaped(abridged(title))}</title><desc id="drawing-${number}-text">${escaped(abridged(description, 1000))}</desc>`;
    return inPage(svg).replace(
      /<svg([^>]*)>/,
      (_, attributes) => `<svg role="img" ${names}${attributes}>${texts}`,
    );
  };
}

const CONFIG = {
  font: 'inherit',
  view: { stroke: null },
  axis: {
    labelColor: 'var(--muted)',
    titleColor: 'var(--ink)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    gridColor: 'var(--line)',
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
  },
  legend: { labelColor: 'var(--ink)', titleColor: 'var(--ink)', labelFontSize: 11 },
  text: { color: 'var(--ink)', fontSize: 12 },
} as const;

/**
 * SVG as HTML holds it: no namespaces (a report names no address at all), a mark's description as its title, numbers
 * in hundredths of a pixel, nothing that says what is so anyway. The drawer escapes `<` and `>` in all texts, so a tag
 * ends where it seems to.
 */
function inPage(svg: string): string {
  return svg.replace(/<(\w+)([^>]*?)(\/?)>/g, (_, tag: string, attributes: string, closed: string) => {
    const all = new Map(
      [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
    const kind = all.get('aria-roledescription') ?? '';
    const title = GUIDES.test(kind) ? undefined : all.get('aria-label');
    let kept = '';
    for (const [name, value] of all) {
      if (/^(aria-|role$|xmlns|version$|class$|font-family$)/.test(name) || SAID.has(`${name}=${value}`))
        continue;
      kept += ` ${name}="${GEOMETRY.has(name) ? value.replace(/\d+\.\d{3,}/g, shortened) : value}"`;
    }
    const text = title === undefined ? '' : `<title>${title}</title>`;
    if (closed === '') return `<${tag}${kept}>${text}`;
    if (kept.includes('display="none"') || kept.includes('d="M0,0h0v0h0Z"')) return '';
    return text === '' ? `<${tag}${kept}/>` : `<${tag}${kept}>${text}</${tag}>`;
  });
}

const GUIDES = /axis|legend|title|container/;
const SAID = new Set(['opacity=1', 'fill-opacity=1', 'stroke-width=1', 'stroke=none', 'pointer-events=none']);
const GEOMETRY = new Set(['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height']);

function shortened(number: string): string {
  return String(Math.round(Number(number) * 100) / 100);
}
