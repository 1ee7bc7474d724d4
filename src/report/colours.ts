/**
 * Colours by theme. Around those of Okabe and Ito ("Color Universal Design", 2008), moved so that each stands out
 * on its background (3:1, WCAG 2.1, 1.4.11) and from all others for eyes of every kind (`test/report/colours.test.ts`);
 * the last one is for what is left over.
 */
export const THEMES = {
  light: {
    background: '#ffffff',
    card: '#f5f7f9',
    ink: '#1b1f24',
    muted: '#57606a',
    line: '#d5dae0',
    series: ['#19639d', '#b64300', '#11a478', '#95466b', '#7294c4', '#c48600', '#3a2e8e', '#8b92a0'],
  },
  dark: {
    background: '#14171b',
    card: '#1c2126',
    ink: '#e6e9ec',
    muted: '#a0a9b2',
    line: '#343b43',
    series: ['#60befd', '#de6428', '#26a16d', '#b371b3', '#a6cfeb', '#f0b33c', '#807ee9', '#9fa3a9'],
  },
} as const;

/** Colour of a series as the style sheet knows it: those beyond the palette share the last one. */
export function seriesColour(index: number): string {
  return `var(--c${Math.min(index, LAST)})`;
}

const LAST = THEMES.light.series.length - 1;

/** Of what is left over, or does not matter. */
export const NEUTRAL = seriesColour(LAST);
/** How many series have a colour of their own. */
export const OWN_COLOURS = LAST;

/** The style sheet's part that defines them, light or dark as the reader's system is. */
export function themeCss(): string {
  const set = (name: keyof typeof THEMES) => {
    const { background, card, ink, muted, line, series } = THEMES[name];
    const colours = series.map((colour, index) => `--c${index}:${colour}`).join(';');
    return `--background:${background};--card:${card};--ink:${ink};--muted:${muted};--line:${line};${colours}`;
  };
  return `:root{color-scheme:light dark;${set('light')}}
@media (prefers-color-scheme:dark){:root{${set('dark')}}}`;
}
