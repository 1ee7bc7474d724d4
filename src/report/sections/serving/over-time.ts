import { timeSeries, type TimeSeries } from '../../charts/time-series.ts';
import { seriesColour } from '../../colours.ts';
import type { Draw } from '../../drawing.ts';
import { engineering, percent } from '../../format.ts';
import { abridged, details, escaped, htmlTable } from '../../html.ts';
import { plannedCuts, type MergedWindow, mergedWindows } from '../../merged-windows.ts';
import type { ServedPolicy, ServedScenario } from '../../serving.ts';
import { legend } from '../section.ts';

/** A policy at work in its first run: demand and answers, cuts planned, accuracy and p99, window by window. */
export async function policyOverTime(
  policy: ServedPolicy,
  scenario: ServedScenario,
  draw: Draw,
): Promise<string> {
  const cuts = plannedCuts(scenario);
  const windows = mergedWindows(policy, scenario.models, cuts);
  const name = escaped(abridged(policy.name));
  if (windows.length === 0) return `<h3 class="apart">${name}</h3><p>No windows.</p>`;
  const last = windows.at(-1)!;
  const times = [...windows.map(({ start }) => start), last.start + last.length];
  const rate = (of: (window: MergedWindow) => number) =>
    windows.map((window) => (window.length > 0 ? of(window) / window.length : null));
  const deadlines = [...new Set(scenario.models.map(({ deadline }) => deadline))];
  const deadline = deadlines.length === 1 ? deadlines[0]! : null;
  const accuracies = windows.map(({ accuracy }) => accuracy);
  const least = Math.min(1, ...accuracies.filter((value) => value !== null));
  const charts: readonly (TimeSeries & { readonly legend: readonly number[] })[] = [
    {
      ...{ title: 'queries', description: `${policy.name}: demand, answers in time, late or dropped` },
      ...{ unit: '/s', times, legend: [0, 1, 2] },
      series: [
        { name: 'demand', colour: 'var(--ink)', dashed: true, values: rate(({ offered }) => offered) },
        { name: 'answered in time', colour: seriesColour(0), values: rate(({ onTime }) => onTime) },
        {
          ...{ name: 'late or dropped', colour: seriesColour(1) },
          values: rate(({ late, dropped }) => late + dropped),
        },
      ],
    },
    {
      ...{ title: 'cuts of the plan', description: `${policy.name}: share of the queries of each cut` },
      ...{ unit: 'share', stacked: true, times, legend: cuts.map((_, index) => index) },
      series: cuts.map((cut, index) => ({
        name: cut,
        colour: seriesColour(index),
        values: windows.map(({ plan }) => plan[index]!),
      })),
    },
    {
      ...{ title: 'served accuracy', description: `${policy.name}: right answers, of all answers` },
      // From the ten per cent below the worst window: differences between cuts are small.
      ...{ unit: 'share', from: Math.max(0, Math.floor(10 * least - 0.5) / 10), times, legend: [] },
      series: [{ name: 'served accuracy', colour: seriesColour(2), values: accuracies }],
    },
    {
      ...{ title: 'p99', description: `${policy.name}: 99th percentile from arrival to answer` },
      ...{ unit: 's', times, legend: [] },
      series: [{ name: 'p99', colour: seriesColour(3), values: windows.map(({ p99 }) => p99) }],
      ...(deadline === null ? {} : { limit: { name: 'deadline', value: deadline } }),
    },
  ];
  const drawn: string[] = [];
  for (const chart of charts) {
    const known = chart.series.some(({ values }) => values.some((value) => value !== null));
    const entries = chart.legend.map((index) => chart.series[index]!);
    const limit =
      chart.limit === undefined
        ? ''
        : `<p class="note">dotted: the deadline, ${engineering(chart.limit.value, 's')}</p>`;
    const shown = known ? await draw(timeSeries(chart)) : '<p>nothing was answered</p>';
    drawn.push(`<figure>${shown}${entries.length === 0 ? '' : legend(entries)}${limit}</figure>`);
  }
  return `<h3 class="apart">${name}</h3><div class="plots">${drawn.join('')}</div>${windowTable(windows, cuts, policy)}`;
}

function windowTable(
  windows: readonly MergedWindow[],
  cuts: readonly string[],
  policy: ServedPolicy,
): string {
  const header = [
    ...['start', 'offered', 'in time', 'late', 'dropped', 'accuracy', 'p99'],
    ...cuts.map((cut) => `plan: ${cut}`),
  ];
  const rows = windows.map(({ start, offered, onTime, late, dropped, accuracy, p99, plan }) => [
    engineering(start, 's'),
    ...[offered, onTime, late, dropped].map(String),
    accuracy === null ? '–' : percent(accuracy, 2),
    p99 === null ? '–' : engineering(p99, 's'),
    ...plan.map((share) => percent(share)),
  ]);
  const together = Math.ceil(policy.windows.length / windows.length);
  const merged = together > 1 ? `, ${together} windows in each but the last` : '';
  return details(
    `${abridged(policy.name)} as a table: ${windows.length} rows${merged}`,
    htmlTable(
      header,
      rows,
      header.map((_, column) => column),
    ),
  );
}
