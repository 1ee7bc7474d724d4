import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { engineering } from '../../src/report/format.ts';
import type { Report } from '../../src/report/report.ts';
import { MOST_BYTES, runHtml } from '../../src/report/run-html.ts';
import { enlarged, hostile, sampleRun, withoutAccuracy } from './sample-report.ts';

let report: Report;
let html: string;
beforeAll(async () => {
  ({ report, html } = await sampleRun());
});

describe('report.html', () => {
  test('is a function of the report, and asks for nothing', async () => {
    expect(await runHtml(report)).toBe(html);
    expect(html).not.toMatch(/https?:|src=|@import|url\(|<link|<base|<iframe|<form/);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)![1]!;
    expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[^']+';/);
    const scripts = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
    expect(scripts).toHaveLength(1);
    expect(policy).toContain(createHash('sha256').update(scripts[0]!).digest('base64'));
    // The policy stands before anything that it governs.
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style'));
  });

  test('has every chart with a title, a description and a table', () => {
    const drawings = html.match(/<svg [^>]*>/g)!;
    // Three projections, energy by schedule; of each schedule energy, time, waiting and three tornadoes, the floor plan:
    // all that is as wide as the page a second time for phones.
    expect(drawings).toHaveLength(3 + 2 + (2 * 6 + 1) * report.schedules.length);
    for (const drawing of drawings) expect(drawing).toMatch(/role="img" aria-labelledby="[\w-]+ [\w-]+"/);
    expect(
      html.match(/<svg [^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/g),
    ).toHaveLength(drawings.length);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(html.match(/<table>/g)!.length).toBeGreaterThan(4 * report.schedules.length);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('tells on hover what the report says: tornado, waiting, critical path', () => {
    for (const { energy, analysis, latency } of report.schedules) {
      const [widest] = analysis.sensitivity!.energy;
      const change = ((100 * widest!.total.more) / energy.total - 100).toFixed(2);
      expect(html).toContain(`<title>${widest!.component} +10 %: energy per inference +${change} %</title>`);
      const waits = analysis.stalls.filter(({ layer }) => layer === '/conv1/Conv');
      const all = engineering(
        waits.reduce((sum, { time }) => sum + time, 0),
        's',
      );
      expect(html).toMatch(new RegExp(`<title>/conv1/Conv · [^<]+% of ${all}</title>`));
      // The path has no gap: what its last piece takes ends with the latency.
      const { layer, to } = analysis.criticalPath.segments.at(-1)!;
      expect(to).toBeCloseTo(latency, 15);
      expect(html).toMatch(new RegExp(`<title>critical path: [^<]+ in ${layer}, from`));
    }
  });

  test('names of strangers are text wherever they appear', async () => {
    const page = await runHtml(hostile(report));
    // Each opening of a tag is one that an own page has as well.
    const tags = (text: string) => new Set([...text.matchAll(/<\/?([a-z]\w*)/gi)].map(([, tag]) => tag));
    expect([...tags(page)].filter((tag) => !tags(html).has(tag))).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<[^>]*\son\w+=/i);
    expect(page).toContain('&lt;script&gt;window.pwned=1&lt;/script&gt;');
  });

  test('says that accuracy is not known where it is not', async () => {
    const page = await runHtml(withoutAccuracy(report));
    expect(page.match(/not known: &lt;shapes&gt; has no weights/g)).toHaveLength(report.schedules.length + 1);
    expect(page).not.toMatch(/NaN|undefined|accuracy \(%\)/);
    expect(page.match(/<svg /g)).toHaveLength(html.match(/<svg /g)!.length);
  });

  test('says what reads are charged by where the chip asks for measured ones', async () => {
    expect(html).not.toContain('charged by');
    const layer = {
      ...{ layer: '<first>', density: 0.25, densities: [0.5, 0], active: 0.375, conductance: 0.125 },
      ...{ conductances: [], readEnergy: 3e-16, driveEnergy: 1e-14, overAverage: 1.5 },
    };
    const reads = { charged: 'measured', why: null, images: 64, layers: [layer] } as const;
    const page = await runHtml({ ...report, reads: { ...reads, layers: [layer] } });
    expect(page).toContain('by its inputs on 64 calibration images');
    expect(page).toMatch(/&lt;first&gt;.*25\.00 %.*37\.50 %.*12\.50 %.*0\.300 fJ.*1\.50/s);
    const why = 'no <weights>';
    const other = await runHtml({ ...report, reads: { charged: 'average', why, images: 0, layers: [] } });
    expect(other).toContain('not measured as the chip asks: no &lt;weights&gt;.');
  });

  test('one schedule needs no choice and no trade-offs', async () => {
    const page = await runHtml({ ...report, schedules: report.schedules.slice(-1) });
    expect(page.match(/<svg /g)).toHaveLength(13);
    expect(page).not.toContain('<nav');
    expect(page).toContain('<input type="radio" class="choice" name="schedule" id="choice-0" checked>');
  });

  test.each([
    ['50 schedules of LeNet-5 size', 10, 4, 50],
    ['50 schedules of 200 layers on 400 tiles', 200, 400, 50],
    ['a network of 3,000 layers on 65,536 tiles', 3000, 65_536, 1],
    ['1,000 schedules', 20, 4, 1000],
  ])('%s: below 2 MB, and what is left out is said', async (_, layers, tiles, schedules) => {
    const large = enlarged(report, layers, tiles, schedules);
    const page = await runHtml(large);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_BYTES);
    const drawn = page.match(/<h2>One inference over time/g)?.length ?? 0;
    expect(drawn).toBeGreaterThan(0);
    const leftOut = page.match(/Left out to keep this file below 2 MB/g)?.length ?? 0;
    expect(drawn + leftOut).toBe(Math.min(60, schedules));
  });
});
