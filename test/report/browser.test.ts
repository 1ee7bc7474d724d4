/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineering } from '../../src/report/format.ts';
import type { Report } from '../../src/report/report.ts';
import { runHtml } from '../../src/report/run-html.ts';
import { servingHtml } from '../../src/report/serving-html.ts';
import { hasChromium, opened, startChromium } from './browser.ts';
import { HOSTILE, hostile, sampleRun, withoutAccuracy } from './sample-report.ts';
import { sampleServing } from './sample-serving.ts';
import { withSweep } from './sample-sweep.ts';

let folder: string;
let file: string;
let report: Report;
let browser: Browser;

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 820, 390].map((width) => [colorScheme, width] as const),
);

const named = hasChromium ? '' : ' (SKIPPED: /usr/bin/chromium is not installed; .ci/run installs it)';
// Names of skipped tests are not shown: it has to be said.
if (!hasChromium) console.warn(`report.html in Chromium${named}`);

describe.skipIf(!hasChromium)(`report.html in Chromium${named}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kirchhoff-browser-'));
    file = join(folder, 'report.html');
    const run = await sampleRun();
    report = run.report;
    writeFileSync(file, run.html);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  describe.each(LOOKS)(`%s, %i pixels wide${named}`, (colorScheme, width) => {
    test('shows every chart whole, asks for nothing, complains of nothing', async () => {
      const { page, asked, complaints } = await opened(browser, file, { ...look(colorScheme, width) });
      expect(asked).toEqual([`file://${file}`]);
      expect(complaints).toEqual([]);
      const charts = await visibleCharts(page);
      // Trade-offs in three projections, energy by schedule; energy, time, floor plan, waiting, three tornadoes.
      expect(charts).toHaveLength(11);
      for (const { name, left, right, height, outside } of charts) {
        expect(name).toMatch(/\w/);
        expect(left, name).toBeGreaterThanOrEqual(0);
        expect(right, name).toBeLessThanOrEqual(width);
        expect(right - left, name).toBeGreaterThan(0.8 * Math.min(320, width - 32));
        expect(height, name).toBeGreaterThan(80);
        expect(outside, name).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.context().close();
    });
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    `%s, %i pixels wide: axe finds nothing, every text is read easily, tables open${named}`,
    async (colorScheme, width) => {
      const { page, complaints } = await opened(browser, file, {
        ...look(colorScheme, width),
        // axe is brought in from outside, which the policy of the page forbids as it should.
        bypassCSP: true,
      });
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      const tables = await page.locator('table:visible').count();
      // Schedules, energy by schedule; energy, stages, critical path, tiles, components, waiting, three of sensitivity,
      // what-if; provenance and files.
      expect(tables).toBe(14);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.addScriptTag({
        content: readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'),
      });
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
        const { violations, passes } = await axe.run({ resultTypes: ['violations'] });
        return {
          violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          passes: passes.map(({ id }) => id),
        };
      });
      expect(found.violations).toEqual([]);
      expect(found.passes).toContain('color-contrast');
      expect(await faintTexts(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test.each([
    ['screen', 1200],
    // A letter on its side, but for margins.
    ['print', 979],
  ] as const)(
    'serving.html, %s of %i pixels: the leaderboard shows all its columns',
    async (media, width) => {
      const serving = join(folder, 'board.html');
      writeFileSync(serving, await servingHtml(sampleServing()));
      const { page } = await opened(browser, serving, look('light', width));
      await page.emulateMedia({ media });
      const right = await page
        .locator('.board th')
        .last()
        .evaluate((cell) => cell.getBoundingClientRect().right);
      expect(right).toBeGreaterThan(width / 2);
      expect(right).toBeLessThanOrEqual(width);
      const scrolls = await page
        .locator('.board .scroll')
        .evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(scrolls).toBe(0);
      await page.context().close();
    },
  );

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'serving.html, %s, %i pixels wide: charts whole, no request, axe finds nothing',
    async (scheme, width) => {
      const serving = join(folder, 'serving.html');
      writeFileSync(serving, await servingHtml(withSweep(sampleServing())));
      const { page, asked, complaints } = await opened(browser, serving, {
        ...look(scheme, width),
        bypassCSP: true,
      });
      expect(asked).toEqual([`file://${serving}`]);
      const charts = await visibleCharts(page);
      // Two of what policies trade, load against p99, four over time of each of two policies, regret.
      expect(charts).toHaveLength(12);
      for (const { left, right, outside } of charts) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(width);
        expect(outside).toEqual([]);
      }
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.addScriptTag({
        content: readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'),
      });
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
        const found = await axe.run({ resultTypes: ['violations'] });
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(violations).toEqual([]);
      expect(await faintTexts(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('hovering tells a value; so does a finger', async () => {
    const row = report.schedules.at(-1)!;
    const { components, rows } = row.analysis.energyMatrix;
    const conv = rows.find(({ layer }) => layer === '/conv1/Conv')!;
    const value = engineering(conv.energy[components.indexOf('adcBank')]!, 'J');
    const tip = `/conv1/Conv · adcBank: ${value}, `;
    for (const hasTouch of [false, true]) {
      const { page } = await opened(browser, file, { ...look('light', hasTouch ? 390 : 1280), hasTouch });
      await page.click(`label:has-text("${row.name}")`);
      const mark = page.locator(`svg:visible [data-tip^="${tip}"]`);
      await mark.scrollIntoViewIfNeeded();
      if (hasTouch) await mark.tap();
      else await mark.hover();
      const shown = page.locator('#tip');
      await shown.waitFor({ state: 'visible' });
      expect(await shown.textContent()).toContain(tip);
      await page.context().close();
    }
  });

  test('a schedule is chosen with the mouse or the keyboard, with and without scripts', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, complaints } = await opened(browser, file, { ...look('light', 1280), javaScriptEnabled });
      const figure = page.locator('.card:visible .figure').first();
      const [first, second] = report.schedules;
      await page.click(`label:has-text("${first!.name}")`);
      expect(await figure.textContent()).toBe(engineering(first!.energy.total, 'J'));
      await page.keyboard.press('ArrowRight');
      expect(await figure.textContent()).toBe(engineering(second!.energy.total, 'J'));
      expect(await page.locator('svg:visible').count()).toBe(11);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test('names of strangers are shown as they are and do nothing', async () => {
    const evil = join(folder, 'hostile.html');
    writeFileSync(evil, await runHtml(hostile(report)));
    const { page, asked, complaints } = await opened(browser, evil, look('light', 1280));
    await page.locator('svg:visible [data-tip]').first().hover();
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    expect(await page.locator('h1').textContent()).toContain(HOSTILE.slice(0, 30));
    expect(await page.locator('h1 *').count()).toBe(0);
    expect(await page.locator('img, iframe, script[src]').count()).toBe(0);
    expect(asked).toEqual([`file://${evil}`]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('without accuracy the other figures are compared', async () => {
    const shapes = join(folder, 'shapes.html');
    writeFileSync(shapes, await runHtml(withoutAccuracy(report)));
    const { page, complaints } = await opened(browser, shapes, look('dark', 1280));
    const charts = await visibleCharts(page);
    expect(charts.map(({ name }) => name).slice(0, 3)).toEqual([
      'throughput against energy per inference',
      'latency against energy per inference',
      'latency against throughput',
    ]);
    expect(await page.locator('.card:visible', { hasText: 'accuracy' }).textContent()).toContain('not known');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly { readonly id: string }[];
}

function look(colorScheme: 'light' | 'dark', width: number) {
  return { colorScheme, viewport: { width, height: 900 } };
}

/** Charts that are shown, and of each the texts that stick out of it. */
function visibleCharts(page: Page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('svg')]
      .filter((svg) => svg.checkVisibility())
      .map((svg) => {
        const own = svg.getBoundingClientRect();
        const outside = [...svg.querySelectorAll('text')].filter((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          return left < own.left - 1 || right > own.right + 1 || top < own.top - 1 || bottom > own.bottom + 1;
        });
        return {
          name: svg.getAttribute('aria-label') ?? '',
          ...{ left: own.left, right: own.right, height: own.height },
          outside: outside.map((text) => text.textContent),
        };
      }),
  );
}

/** Texts of charts whose computed colour is less than 4.5 : 1 from the page's (axe does not look into SVG). */
function faintTexts(page: Page) {
  return page.evaluate(() => {
    const luminance = (colour: string) => {
      const [red, green, blue] = colour.match(/[\d.]+/g)!.map((channel) => {
        const value = Number(channel) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const behind = luminance(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll('svg text')]
      .filter((text) => {
        const own = luminance(getComputedStyle(text).fill);
        return (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05) < 4.5;
      })
      .map((text) => text.textContent);
  });
}
