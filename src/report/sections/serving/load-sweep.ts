import { type LoadPoint, loadChart } from '../../charts/load-chart.ts';
import { OWN_COLOURS, seriesColour } from '../../colours.ts';
import type { Draw } from '../../drawing.ts';
import { engineering, percent } from '../../format.ts';
import { abridged, details, escaped, htmlTable } from '../../html.ts';
import type { LoadSweep, ServedScenario, SweptPolicy } from '../../serving.ts';
import { inTimeText, kneeText } from '../../sweep-text.ts';
import { figure, legend } from '../section.ts';
import { quantityText, ranked, shareText } from './figures.ts';

/** Most rows of the table: a page stays below 2 MB. */
const MOST_ROWS = 400;

/** Every policy under multiples of the load: p99 with the deadlines and the knees, and all figures; nothing without a sweep. */
export async function sweepSection(scenario: ServedScenario, draw: Draw): Promise<string> {
  const { sweep } = scenario;
  if (sweep === null) return '';
  const best = ranked(scenario).map(({ name }) => name);
  const policies = [...sweep.policies].sort((a, b) => best.indexOf(a.name) - best.indexOf(b.name));
  // Each has a colour of its own.
  const series = policies.slice(0, OWN_COLOURS).flatMap((policy, index) => {
    const points = pointsOf(policy);
    return points.length === 0 ? [] : [{ name: policy.name, colour: seriesColour(index), points }];
  });
  const deadlines = [
    ...new Set(scenario.models.flatMap(({ deadline }) => (deadline === null ? [] : [deadline]))),
  ].sort((a, b) => a - b);
  const description = policies.map((policy) => `${policy.name}: ${kneeText(policy)}, ${inTimeText(policy)}`);
  const chart = {
    title: 'load against p99',
    description: description.join('; '),
    ...{ quantity: 'p99', series, limits: deadlines },
  };
  const drawn =
    series.length === 0
      ? '<p>nothing was answered</p>'
      : await figure(draw, (size) => loadChart(chart, size), legend(series) + keyText(policies, deadlines));
  const left = policies.length - OWN_COLOURS;
  return `${kneeList(policies)}${drawn}${left > 0 ? `<p>${left} more policies in the table.</p>` : ''}${sweepTable(policies)}
<p>The knee is the load with the most throughput for its mean latency (Kleinrock’s power, ICC 1979) of those played. p99 is that of the answers; dropped queries have none, so filled points ask for more: 99 % of all queries offered, of every model, answered in time. Loads are played with the same chance: what comes is the same, only faster or slower. Intervals (95 %, Student’s t) are over runs.</p>`;
}

function pointsOf({ name, knee, points }: SweptPolicy): readonly LoadPoint[] {
  return points.flatMap(({ factor, figures: { offeredRate, p99 }, inTime, meetsDeadline }) => {
    if (offeredRate === null || p99 === null) return [];
    const load = engineering(offeredRate.mean, '/s');
    return [
      {
        ...{ load: offeredRate.mean, time: p99.mean, interval: p99.interval95 ?? 0 },
        ...{ met: meetsDeadline !== false, knee: factor === knee },
        text: `${name}, load × ${factor} (${load}): p99 ${quantityText(p99, 's')}, ${percent(inTime, 2)} in time`,
      },
    ];
  });
}

function keyText(policies: LoadSweep['policies'], deadlines: readonly number[]): string {
  const due = policies[0]!.points[0]!.meetsDeadline !== null;
  const shown = deadlines.slice(0, 8).map((deadline) => engineering(deadline, 's'));
  const limit = deadlines.length === 0 ? '' : `; dotted: the deadline, ${shown.join(', ')}`;
  return `<p class="note">${due ? 'filled: 99 % in time, hollow: fewer; ' : ''}diamond: the knee${escaped(limit)}; upright: 95 % intervals</p>`;
}

function kneeList(policies: LoadSweep['policies']): string {
  const items = policies.map(
    (policy) =>
      `<li><b>${escaped(abridged(policy.name))}</b>: ${escaped(`${kneeText(policy)}; ${inTimeText(policy)}`)}</li>`,
  );
  return `<ul class="counted">${items.join('')}</ul>`;
}

function sweepTable(policies: LoadSweep['policies']): string {
  const header = [
    ...['policy', 'load', 'offered', 'goodput', 'right in time', 'late or dropped'],
    ...['p50', 'p99', 'mean latency', 'energy/answer', '99 % in time', 'knee'],
  ];
  const rows = policies.flatMap(({ name, knee, points }) =>
    points.map(({ factor, meetsDeadline, figures }) => [
      ...[name, `× ${factor}`],
      ...[figures.offeredRate, figures.goodput].map((one) => quantityText(one, '/s')),
      ...[figures.accuracyGoodput, figures.missRatio].map(shareText),
      ...[figures.p50, figures.p99, figures.meanLatency].map((one) => quantityText(one, 's')),
      quantityText(figures.energyPerAnswer, 'J'),
      ...[meetsDeadline === null ? '–' : meetsDeadline ? 'yes' : 'no', factor === knee ? 'knee' : ''],
    ]),
  );
  const more = rows.length - MOST_ROWS;
  const rest = more > 0 ? `<p>${more} more in serving.json.</p>` : '';
  const numbers = header.map((_, column) => column).slice(1, -2);
  return details(
    `Policies under ${policies[0]!.points.length} loads as a table`,
    htmlTable(header, rows.slice(0, MOST_ROWS), numbers) + rest,
  );
}
