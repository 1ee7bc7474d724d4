import { beforeAll, describe, expect, test } from 'vitest';
import { engineering, percent } from '../../src/report/format.ts';
import { escaped } from '../../src/report/html.ts';
import { servingHtml } from '../../src/report/serving-html.ts';
import { type ServingReport, servingSchema } from '../../src/report/serving.ts';
import { servingText } from '../../src/report/serving-text.ts';
import { HOSTILE } from './sample-report.ts';
import { renamedServing, sampleServing } from './sample-serving.ts';
import { withSweep } from './sample-sweep.ts';

const report = withSweep(sampleServing(30));
const scenario = report.scenarios[0]!;
const swept = scenario.sweep!;
let section: string;
beforeAll(async () => {
  section = sectionOf(await servingHtml(report));
});

/** What stands under the heading of the sweep. */
function sectionOf(html: string): string {
  return html.slice(html.indexOf('<h2>Load against p99</h2>')).split('</section>')[0]!;
}

/** The drawings, for pages and for phones. */
const drawings = () => section.match(/<svg [\s\S]*?<\/svg>/g)!;

describe('load against p99 in serving.html', () => {
  test('is there with a sweep, and not without one', async () => {
    expect(servingSchema.parse(report)).toEqual(report);
    expect(await servingHtml(sampleServing(30))).not.toContain('Load against p99');
    expect(drawings()).toHaveLength(2);
    expect(section).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('every point is drawn and says its policy, load, p99 and share in time', () => {
    for (const drawing of drawings()) {
      const titles = [...drawing.matchAll(/<title>([^<]+)<\/title>/g)].map(([, text]) => text!);
      const expected = swept.policies.flatMap(({ name, points }) =>
        points.map(
          ({ factor, figures: { offeredRate, p99 }, inTime }) =>
            `${name}, load × ${factor} (${engineering(offeredRate!.mean, '/s')}): p99 ${engineering(p99!.mean, 's')} ± ${engineering(p99!.interval95!, 's')}, ${percent(inTime, 2)} in time`,
        ),
      );
      expect(titles.sort()).toEqual(expected.sort());
    }
  });

  test('p99 grows evenly where it grows by the same factor: the axis is logarithmic', () => {
    // Points are moved to where they stand; what is met comes before what is not.
    for (const drawing of drawings()) {
      const places = [...drawing.matchAll(/transform="translate\(([\d.]+),([\d.]+)\)"[^>]*><title>([^<]+)</g)]
        .filter(([, , , text]) => text!.startsWith('other,'))
        .map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
        .sort((a, b) => a.x - b.x);
      expect(places).toHaveLength(swept.factors.length);
      const [first, second] = [places[0]!, places[1]!];
      expect(second.y).toBeLessThan(first.y);
      places.forEach(({ x, y }, at) => {
        expect(x).toBeCloseTo(first.x + at * (second.x - first.x), 0);
        expect(Math.abs(y - first.y - at * (second.y - first.y))).toBeLessThan(0.1 + 0.02 * at);
      });
    }
  });

  test('marks the knee of each policy and the deadline', () => {
    for (const { name, knee } of swept.policies) {
      const rate = engineering(5e4 * knee!, '/s');
      const upTo = engineering(5e4 * 0.4, '/s');
      const words = `knee at × ${knee} (${rate}); 99 % in time up to × 0.4 (${upTo})`;
      expect(section).toContain(`<li><b>${name}</b>: ${words}</li>`);
      expect(servingText(report)).toContain(`${name}: ${words}.`);
    }
    // Around its point each, a diamond of four corners that is drawn for the eye alone.
    for (const drawing of drawings())
      expect(drawing.match(/<path [^>]*stroke="var\(--ink\)"/g)).toHaveLength(2);
    expect(section).toContain('dotted: the deadline, 100 µs');
    expect(section.match(/stroke-dasharray="2,3"/g)).toHaveLength(2);
  });

  test('the table and the text have a row for each policy and factor', () => {
    const body = section.slice(section.indexOf('<tbody>'));
    expect(body.match(/<tr>/g)).toHaveLength(swept.policies.length * swept.factors.length);
    for (const { name, points } of swept.policies) {
      for (const { factor, figures } of points) {
        const { offeredRate, p99, p50, goodput, missRatio } = figures;
        const cells = [p50, p99].map(
          (one) => `${engineering(one!.mean, 's')} ± ${engineering(one!.interval95!, 's')}`,
        );
        const row = body
          .split('<tr>')
          .find((one) => one.startsWith(`<td>${name}</td><td class="number">× ${factor}</td>`))!;
        for (const cell of [
          ...cells,
          `${percent(missRatio!.mean, 2)} ± ${percent(missRatio!.interval95!, 2)}`,
        ])
          expect(row).toContain(`<td class="number">${cell}</td>`);
        const words = [
          name,
          `× ${factor}`,
          engineering(offeredRate!.mean, ''),
          engineering(goodput!.mean, ''),
        ];
        const line = servingText(report)
          .split('\n')
          .find((one) => one.startsWith(name) && one.includes(` × ${factor} `))!;
        for (const word of [...words, engineering(p99!.mean, 's')]) expect(line).toContain(word);
      }
    }
  });

  test('a knee at the edge of what was played says so; what was never answered too', () => {
    const changed = (knee: number | null, highestInTime: number | null): ServingReport => ({
      ...report,
      scenarios: [
        {
          ...scenario,
          sweep: { ...swept, policies: swept.policies.map((one) => ({ ...one, knee, highestInTime })) },
        },
      ],
    });
    expect(servingText(changed(0.8, 0.4))).toContain('the highest load played: it may be beyond');
    expect(servingText(changed(0.1, 0.4))).toContain('the lowest load played: it may be below');
    expect(servingText(changed(0.5, 0.4))).not.toMatch(/may be (beyond|below)/);
    expect(servingText(changed(null, null))).toContain('nothing was answered; at no load are 99 % in time');
  });

  test('where no query is due nobody is in time or late', async () => {
    const policies = swept.policies.map((one) => ({
      ...{ ...one, highestInTime: null },
      points: one.points.map((point) => ({ ...point, meetsDeadline: null })),
    }));
    const models = scenario.models.map((model) => ({ ...model, deadline: null }));
    const without = { ...report, scenarios: [{ ...scenario, models, sweep: { ...swept, policies } }] };
    const found = sectionOf(await servingHtml(without));
    expect(found).not.toMatch(/dotted|hollow:|stroke-dasharray|NaN|undefined|Infinity/);
    expect(found.match(/no query is due<\/li>/g)).toHaveLength(2);
    expect(servingText(without)).not.toMatch(/knee, in time|\d {2}in time/);
  });

  test('where nothing is answered nothing is drawn', async () => {
    const policies = swept.policies.map((one) => ({
      ...{ ...one, knee: null, highestInTime: null },
      points: one.points.map((point) => ({ ...point, figures: { ...point.figures, p99: null, p50: null } })),
    }));
    const html = await servingHtml({
      ...report,
      scenarios: [{ ...scenario, sweep: { ...swept, policies } }],
    });
    expect(sectionOf(html)).toContain('<p>nothing was answered</p>');
    expect(sectionOf(html)).not.toMatch(/<svg|NaN|undefined|Infinity/);
  });

  test('names of strangers are text; many policies and loads take little room', async () => {
    const evil = sectionOf(await servingHtml(withSweep(renamedServing(sampleServing(30), HOSTILE))));
    expect(evil).not.toMatch(/<script|<img|<\/title><\/svg>\u202e/);
    expect(evil).toContain(escaped(HOSTILE).slice(0, 40));
    const one = sampleServing(1).scenarios[0]!;
    const policies = Array.from({ length: 20 }, (_, index) => ({
      ...one.policies[0]!,
      name: `policy-${index}`,
    }));
    const large = sectionOf(
      await servingHtml(withSweep({ ...report, scenarios: [{ ...one, policies }] }, 32)),
    );
    expect(Buffer.byteLength(large)).toBeLessThan(400_000);
    expect(large).toContain('13 more policies in the table.');
    expect(large).toContain('240 more in serving.json.');
  });
});
