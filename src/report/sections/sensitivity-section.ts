import { anomalyText } from '../anomalies.ts';
import { TORNADO_COLOURS, tornadoChart } from '../charts/tornado-chart.ts';
import type { Draw } from '../drawing.ts';
import { engineering, significant } from '../format.ts';
import { atMost, details, escaped, htmlTable } from '../html.ts';
import type { WhatIf } from '../analysis.ts';
import type { ScheduleReport } from '../report.ts';
import { figure, legend } from './section.ts';

/** Parts that are drawn: those that matter most. */
const MOST_ROWS = 12;
const MOST_TABLE_ROWS = 100;
/** Changes below 0.01 % stand in the table only. */
const LEAST = 1e-4;

/** Tornadoes: energy, interval and latency when one part after the other is a little better or worse. */
export async function sensitivitySection(row: ScheduleReport, draw: Draw): Promise<string> {
  const { sensitivity, whatIf } = row.analysis;
  const faster =
    whatIf === undefined || whatIf.length === 0 ? '' : whatIfTable(whatIf, anomalyText(row.analysis));
  if (sensitivity === undefined) return faster;
  const { change, energy, time } = sensitivity;
  const part = (100 * change).toFixed(0);
  const questions: readonly Question[] = [
    {
      quantity: 'energy per inference',
      unit: 'J',
      now: row.energy.total,
      cost: 'energy',
      rows: energy.map(({ component, total }) => ({ name: component, range: total })),
    },
    {
      quantity: 'initiation interval',
      unit: 's',
      now: row.initiationInterval,
      cost: 'time',
      rows: time.map(({ part, interval }) => ({ name: part, range: interval })),
    },
    {
      quantity: 'latency',
      unit: 's',
      now: row.latency,
      cost: 'time',
      rows: time.map(({ part, latency }) => ({ name: part, range: latency })),
    },
  ];
  const drawn: string[] = [];
  for (const { quantity, unit, now, cost, rows } of questions) {
    if (rows.length === 0 || now === 0) continue;
    const relative = rows
      .map(({ name, range }) => ({ name, less: range.less / now - 1, more: range.more / now - 1 }))
      .filter(({ less, more }) => Math.max(Math.abs(less), Math.abs(more)) >= LEAST)
      .sort((a, b) => span(b) - span(a));
    if (relative.length === 0) continue;
    const title = `${quantity} when the ${cost} of a part is ${part} % less or more`;
    const tornado = { title, quantity, rows: relative.slice(0, MOST_ROWS), change };
    const { shown, rest } = atMost(MOST_TABLE_ROWS, rows);
    const table = htmlTable(
      ['part', `${part} % less`, 'now', `${part} % more`],
      shown.map(({ name, range }) => [
        ...[name, engineering(range.less, unit), engineering(now, unit), engineering(range.more, unit)],
      ]),
      [1, 2, 3],
    );
    drawn.push(
      `<h3 class="apart">${quantity}: ${engineering(now, unit)}</h3>${await figure(draw, (size) => tornadoChart(tornado, size), details(`Sensitivity of the ${quantity} as a table`, table + rest))}`,
    );
  }
  const entries = [
    { name: `the part costs ${part} % less`, colour: TORNADO_COLOURS.less },
    { name: `${part} % more`, colour: TORNADO_COLOURS.more },
  ];
  return legend(entries) + drawn.join('') + faster;
}

function span({ less, more }: { readonly less: number; readonly more: number }): number {
  return Math.max(less, more, 0) - Math.min(less, more, 0);
}

interface Question {
  readonly quantity: string;
  readonly unit: string;
  readonly now: number;
  readonly cost: string;
  readonly rows: readonly {
    readonly name: string;
    readonly range: { readonly less: number; readonly more: number };
  }[];
}

function whatIfTable(whatIf: WhatIf, anomaly: string | undefined): string {
  const gain = (value: number) => `${significant(value)}×`;
  const { shown, rest } = atMost(MOST_TABLE_ROWS, whatIf);
  return `<h3 class="apart">What if this part were faster, or larger or wider</h3>${htmlTable(
    ['part', 'by', 'throughput', 'latency shorter by'],
    shown.map(({ part, speed, intervalGain, latencyGain }) => [
      ...[part, speed === null ? 'infinitely' : gain(speed), gain(intervalGain), gain(latencyGain)],
    ]),
    [1, 2, 3],
  )}${rest}${anomaly === undefined ? '' : `<p>${escaped(anomaly)}.</p>`}`;
}
