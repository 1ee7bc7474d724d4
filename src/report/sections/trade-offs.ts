import { stackedBars } from '../charts/stacked-bars.ts';
import { type Point, type Scale, tradeOffChart } from '../charts/trade-off-chart.ts';
import type { Draw } from '../drawing.ts';
import { marked, SHORTAGE_MARK } from '../buffer-shortage.ts';
import { engineering, percent, prefixOf, significant } from '../format.ts';
import { abridged, atMost, details, escaped, htmlTable } from '../html.ts';
import type { Report, ScheduleReport } from '../report.ts';
import type { ComponentColours } from './component-colours.ts';
import { accuracyText } from './headline.ts';
import { figure, legend } from './section.ts';

const MOST_TABLE_ROWS = 300;
const MOST_BARS = 60;
const MOST_POINTS = 300;

/** All schedules against each other: accuracy, energy and throughput two by two, and where the energy goes. */
export async function tradeOffs(report: Report, colours: ComponentColours, draw: Draw): Promise<string> {
  const { schedules } = report;
  const drawn = inOrder(schedules).slice(0, MOST_POINTS);
  const axes = axesOf(schedules);
  const pairs = axes.flatMap((x, index) => axes.slice(index + 1).map((y) => [x, y] as const));
  const charts: string[] = [];
  for (const [x, y] of pairs) {
    const points = drawn.map(({ row, index }): Point => ({
      ring: `var(--shown-${index},transparent)`,
      ...{ name: row.name, x: x.of(row), y: y.of(row), best: row.paretoBest },
      ...(y.interval === undefined ? {} : { interval: y.interval(row) }),
      text: summary(row),
    }));
    const title = `${y.name} against ${x.name}`;
    const best = schedules.filter(({ paretoBest }) => paretoBest).map(({ name }) => name);
    const description = `${schedules.length} schedules; Pareto-best: ${best.join(', ')}`;
    charts.push(
      `<figure>${await draw(tradeOffChart({ title, description, x: x.scale, y: y.scale, points }))}</figure>`,
    );
  }
  const bars = schedules.slice(0, MOST_BARS).map(({ name, energy }) => ({
    name,
    parts: [...energy.byComponent]
      .sort((a, b) => colours.rankOf(a.component) - colours.rankOf(b.component))
      .map(({ component, dynamic, leakage }) => ({
        ...{ name: component, value: dynamic + leakage, colour: colours.colourOf(component) },
      })),
  }));
  const split = await figure(draw, (size) =>
    stackedBars(
      {
        title: 'Energy per inference by schedule and component',
        description: bars
          .map(({ name }, index) => `${name}: ${engineering(schedules[index]!.energy.total, 'J')}`)
          .join(', '),
        ...{ quantity: 'energy per inference', unit: 'J', rows: bars },
      },
      size,
    ),
  );
  const short = schedules.some(({ bufferShortage }) => bufferShortage !== null);
  return `<p>Filled: no other schedule is as good in energy, latency, throughput and accuracy and better in one. Pale: some other is${short ? `, or buffers are too small (${SHORTAGE_MARK}): figures of a chip that cannot hold this` : ''}. Bars: 95 % intervals over chips.${schedules.length > 1 ? ' Ring: the schedule chosen above.' : ''}</p>
<div class="plots">${charts.join('')}</div>
${details(`${schedules.length} schedules as a table`, scheduleTable(report))}
<h3 class="apart">Where the energy goes</h3>${legend(colours.legend)}${split}
${details('Energy by schedule and component as a table', energyTable(schedules))}`;
}

/** Schedules with their numbers, the Pareto-best ones first. */
function inOrder(rows: readonly ScheduleReport[]) {
  const numbered = rows.map((row, index) => ({ row, index }));
  return [...numbered.filter(({ row }) => row.paretoBest), ...numbered.filter(({ row }) => !row.paretoBest)];
}

interface Axis {
  readonly name: string;
  readonly scale: Scale;
  readonly of: (row: ScheduleReport) => number;
  readonly interval?: (row: ScheduleReport) => number;
}

function axesOf(rows: readonly ScheduleReport[]): readonly Axis[] {
  const scaled = (name: string, unit: string, of: (row: ScheduleReport) => number): Axis => {
    const [size, letter] = prefixOf(Math.max(...rows.map(of)));
    return { name, scale: { title: `${name} (${letter}${unit})`, size }, of };
  };
  const energy = scaled('energy per inference', 'J', (row) => row.energy.total);
  const [size, letter] = prefixOf(Math.max(...rows.map(({ throughput }) => throughput)));
  const throughput: Axis = {
    name: 'throughput',
    scale: { title: `throughput (${`${letter} inferences`.trim()}/s)`, size },
    of: (row) => row.throughput,
  };
  if (rows.some((row) => row.accuracy === null)) {
    return [energy, throughput, scaled('latency', 's', (row) => row.latency)];
  }
  const accuracy: Axis = {
    name: 'accuracy',
    scale: { title: 'accuracy (%)', size: 0.01, limits: [0, 1] },
    of: (row) => row.accuracy!.mean,
    interval: (row) => row.accuracy!.interval95 ?? 0,
  };
  return [energy, throughput, accuracy];
}

function summary(row: ScheduleReport): string {
  const figures = [
    engineering(row.energy.total, 'J'),
    engineering(row.latency, 's'),
    `${engineering(row.throughput, '')} inferences/s`,
    ...(row.accuracy === null ? [] : [accuracyText(row.accuracy)]),
  ];
  return `${marked(row.name, row.bufferShortage)}${row.paretoBest ? ' (Pareto-best)' : ''}: ${figures.join(', ')}`;
}

function scheduleTable({ schedules, architecture }: Report): string {
  const header = [
    ...['schedule', 'Pareto-best', 'energy', 'latency', 'interval', 'inferences/s', 'accuracy'],
    ...['TOPS/W', 'MACs on crossbars', 'crossbars'],
  ];
  const { shown, rest } = atMost(MOST_TABLE_ROWS, schedules);
  const rows = shown.map((row) => [
    marked(row.name, row.bufferShortage),
    row.bufferShortage !== null ? 'no: buffers too small' : row.paretoBest ? 'yes' : 'no',
    engineering(row.energy.total, 'J'),
    engineering(row.latency, 's'),
    engineering(row.initiationInterval, 's'),
    engineering(row.throughput, ''),
    accuracyText(row.accuracy),
    significant(row.topsPerWatt.effective),
    percent(row.analogFraction),
    `${row.crossbarsUsed}/${architecture.crossbars}`,
  ]);
  const precisions = [...new Set(schedules.map(({ topsPerWatt }) => topsPerWatt.precision))].join('; ');
  return `${htmlTable(header, rows, [2, 3, 4, 5, 6, 7, 8, 9])}${rest}<p>TOPS/W: 2 operations a MAC (${escaped(abridged(precisions, 400))}).</p>`;
}

function energyTable(rows: readonly ScheduleReport[]): string {
  const { shown, rest } = atMost(MOST_TABLE_ROWS, rows);
  const names = [
    ...new Set(rows.flatMap(({ energy }) => energy.byComponent.map(({ component }) => component))),
  ];
  const lines = shown.map(({ name, energy }) => [
    name,
    ...names.map((component) => {
      const own = energy.byComponent.find((one) => one.component === component);
      const sum = own === undefined ? 0 : own.dynamic + own.leakage;
      return sum === 0 ? '' : engineering(sum, 'J');
    }),
    engineering(energy.total, 'J'),
  ]);
  const header = ['schedule', ...names, 'total'];
  return htmlTable(header, lines, header.map((_, column) => column).slice(1)) + rest;
}
