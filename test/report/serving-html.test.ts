import { beforeAll, describe, expect, test } from 'vitest';
import { engineering, percent } from '../../src/report/format.ts';
import { escaped } from '../../src/report/html.ts';
import { plannedCuts, mergedWindows } from '../../src/report/merged-windows.ts';
import { servingHtml } from '../../src/report/serving-html.ts';
import { cutSection } from '../../src/report/sections/serving/cuts.ts';
import { servingHeadline } from '../../src/report/sections/serving/leaderboard.ts';
import { servingText } from '../../src/report/serving-text.ts';
import { HOSTILE } from './sample-report.ts';
import { renamedServing, sampleServing } from './sample-serving.ts';
import { withSweep } from './sample-sweep.ts';

const report = sampleServing();
const scenario = report.scenarios[0]!;
let html: string;
beforeAll(async () => {
  html = (await servingHtml(report)).replaceAll('\u00a0', ' ');
});

describe('serving.html', () => {
  test('is a function of the report, asks for nothing and runs nothing', async () => {
    expect((await servingHtml(report)).replaceAll('\u00a0', ' ')).toBe(html);
    expect(html).not.toMatch(/https?:|src=|@import|url\(|<link|<base|<iframe|<form|<script/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'none';`);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('has every chart with a title and a description', () => {
    // Two of what policies trade, regret for pages and phones, four over time of each policy.
    expect(html.match(/<svg /g)).toHaveLength(2 + 2 + 4 * scenario.policies.length);
    expect(
      html.match(/<svg [^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/g),
    ).toHaveLength(2 + 2 + 4 * scenario.policies.length);
    const headings = [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, text]) => text);
    expect(headings).toEqual([
      ...['Leaderboard', 'What policies trade', 'Over time', 'Regret', 'Models and their cuts'],
      'What is counted and assumed',
    ]);
  });

  test('its tables say what the report says', () => {
    for (const { figures, regret } of scenario.policies) {
      const shown = (one: typeof regret) => `${percent(one!.mean, 2)} ± ${percent(one!.interval95!, 2)}`;
      for (const one of [figures.accuracyGoodput, figures.missRatio, figures.accuracy, regret])
        expect(html).toContain(`<td class="number">${shown(one)}</td>`);
      expect(html).toContain(
        `<td class="number">${engineering(figures.p99!.mean, 's')} ± ${engineering(figures.p99!.interval95!, 's')}</td>`,
      );
    }
    expect(html).toContain('<td class="number">+12.50 % ± 0.13 % *</td>');
    expect(html).toContain('Best of 2 policies: <b>other</b></h2>');
  });

  test('names of strangers are text wherever they appear', async () => {
    const evil = await servingHtml(renamedServing(report, HOSTILE));
    expect(evil).not.toMatch(/<script|<img|<\/title><\/svg>\u202e/);
    expect(evil).toContain(escaped(HOSTILE).slice(0, 40));
  });

  test('stays small, however many windows and policies there are', async () => {
    const long = sampleServing(3000);
    const one = long.scenarios[0]!;
    const policies = Array.from({ length: 20 }, (_, index) => ({
      ...one.policies[0]!,
      name: `policy-${index}`,
    }));
    const large = await servingHtml(withSweep({ ...long, scenarios: [{ ...one, policies }] }, 32));
    expect(Buffer.byteLength(large)).toBeLessThan(2_000_000);
    expect(large).toContain('Left out to keep this file small');
  });

  test('merged windows keep every query, and the mean plan', () => {
    const policy = scenario.policies[0]!;
    const merged = mergedWindows(policy, scenario.models, plannedCuts(scenario));
    expect(merged).toHaveLength(150);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(merged.map(({ offered }) => offered))).toBe(450 * 30);
    expect(sum(merged.map(({ onTime }) => onTime))).toBe(449 * 20);
    expect(sum(merged.map(({ late }) => late))).toBe(449 * 5);
    expect(sum(merged.map(({ length }) => length))).toBeCloseTo(0.45, 9);
    for (const { plan, accuracy } of merged) {
      expect(sum(plan)).toBeCloseTo(1, 12);
      expect(accuracy).toBeCloseTo(22 / 25, 12);
    }
    // Windows 0 to 2 plan digital, analog, digital; the slowest of 3 to 5 is the last.
    expect(merged[0]!.plan[0]).toBeCloseTo(2 / 3, 12);
    expect(merged[1]!.p99).toBeCloseTo(5e-6, 15);
  });

  test('shares of models are of their sum', () => {
    const [model] = scenario.models;
    const models = [3, 1].map((share, index) => ({ ...model!, name: `net${index}`, share }));
    const page = cutSection({ ...scenario, models });
    const shares = [...page.matchAll(/share of the queries ([^;]+);/g)].map(([, share]) => share);
    expect(shares).toEqual([percent(0.75), percent(0.25)]);
  });

  test('the best is not told apart from those whose paired interval includes zero', () => {
    const shown = (mean: number, interval95: number | null, replications = 3) => {
      const [other, best] = scenario.policies;
      const policies = [{ ...other!, againstBest: { mean, interval95 } }, best!];
      const changed = { ...scenario, replications, policies };
      const headline = /Best of 2 policies: <b>other<\/b>(.*?)<\/h2>/.exec(servingHeadline(changed))![1]!;
      const printed = /\nBest: other, (.*)\.(?:\n|$)/.exec(
        servingText({ ...report, scenarios: [changed] }),
      )?.[1];
      expect(headline).toBe(printed === undefined ? '' : `, ${printed}`);
      return printed;
    };
    const apart = 'not told apart from steady-first (95 % interval of the paired difference)';
    expect(shown(-0.02, 0.03)).toBe(apart);
    expect(shown(0, 0)).toBe(apart);
    expect(shown(-0.03, 0.02)).toBeUndefined();
    expect(shown(-0.03, null, 1)).toBe('of one run, which tells no policies apart');
  });
});
