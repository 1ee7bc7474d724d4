import { createHash } from 'node:crypto';
import { themeCss } from './colours.ts';
import { escaped } from './html.ts';

/**
 * A page that needs nothing else and may ask for nothing: its security policy forbids every request and every script
 * but the one given. Light or dark as the reader's system is.
 */
export function page(content: {
  readonly title: string;
  readonly body: string;
  readonly style?: string;
  readonly script?: string;
}): string {
  const { title, body, style = '', script } = content;
  // Strings of strangers end up in the page: were one not escaped, nothing of it would run.
  const scripts =
    script === undefined ? "'none'" : `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title><style>${themeCss()}${STYLE}${style}</style></head><body>
${body}
${script === undefined ? '' : `<script>${script}</script>`}</body></html>
`;
}

const STYLE = `
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1144px; margin: 0 auto; padding: 1.5rem 1rem 3rem; color: var(--ink); background: var(--background); }
h1, h2, h3 { line-height: 1.2; font-weight: 600; text-wrap: balance; } h3 { margin: 0; font-size: 1rem; }
p { max-width: 75ch; overflow-wrap: anywhere; }
figure { margin: 0; } figcaption { color: var(--muted); font-size: .9rem; }
svg { max-width: 100%; height: auto; display: block; } svg text { font-family: inherit; }
.scroll { overflow-x: auto; margin: .5rem 0; } table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; } th.number { white-space: normal; }
summary { cursor: pointer; color: var(--muted); } details { margin: .4rem 0; }
:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
`;
