import { marked, shortageText } from './buffer-shortage.ts';
import { engineering, percent, significant, table } from './format.ts';
import { READS_HEADER, readsRows, readsSentence } from './reads-text.ts';
import type { Report, ScheduleReport } from './report.ts';
import { turnsText } from './turns.ts';
import { sharedWarnings } from './warning-text.ts';

/** The answer as a terminal shows it: one row a schedule, the Pareto-best ones starred. */
export function reportText(report: Report): string {
  const { workload, architecture, accuracy } = report;
  const precisions = [...new Set(report.schedules.map((row) => row.topsPerWatt.precision))].join('; ');
  const header = [
    'schedule',
    'latency',
    'interval',
    'inferences/s',
    'energy',
    'TOPS/W',
    'accuracy',
    '± 95 %',
    'crossbars',
    'most energy in',
  ];
  const rows = report.schedules.map((row) => [
    `${row.paretoBest ? '*' : ' '} ${marked(row.name, row.bufferShortage)}`,
    engineering(row.latency, 's'),
    engineering(row.initiationInterval, 's'),
    engineering(row.throughput, '').trim(),
    engineering(row.energy.total, 'J'),
    significant(row.topsPerWatt.effective),
    row.accuracy === null ? '–' : percent(row.accuracy.mean, 2),
    row.accuracy === null || row.accuracy.interval95 === null ? '–' : percent(row.accuracy.interval95, 2),
    `${row.crossbarsUsed}/${architecture.crossbars}`,
    largestParts(row),
  ]);
  return [
    `${workload.name} on ${architecture.name}: ${engineering(workload.macs, 'MAC')}s an inference, ${workload.mvmLayers.length} layers with constant weights`,
    '',
    table(header, rows, [0, 9]),
    '',
    `* Pareto-best: no other row is as good in energy, latency${accuracy === null ? ' and throughput' : ', throughput and accuracy'} and better in one.`,
    ...shortagesText(report.schedules),
    accuracyText(report),
    ...readsText(report.reads),
    `Energy per inference at full load, leakage included. TOPS/W: 2 operations a MAC (${precisions}).`,
    ...notes(report.schedules),
  ].join('\n');
}

// The one that lacks most stands for all: each has its warning too.
function shortagesText(schedules: readonly ScheduleReport[]): string[] {
  const short = schedules.flatMap(({ name, bufferShortage }) =>
    bufferShortage === null ? [] : [{ name, bufferShortage }],
  );
  if (short.length === 0) return [];
  const most = short.reduce((a, b) => (b.bufferShortage.needed > a.bufferShortage.needed ? b : a));
  const named = short.length === 1 ? '' : ` (${most.name}, which needs most)`;
  return [`${shortageText(most.bufferShortage)}${named}. Never Pareto-best.`];
}

// Warnings of all schedules, then turns and warnings of each; those of many cuts are much alike.
function notes(schedules: readonly ScheduleReport[]): string[] {
  const shared = schedules.length > 1 ? sharedWarnings(schedules) : [];
  const own = schedules.flatMap(({ name, turns, warnings }) => {
    const text = turnsText(turns);
    return [
      ...(text === undefined ? [] : [`${name}: ${text}.`]),
      ...warnings
        .filter((warning) => !shared.includes(warning))
        .map((warning) => `Warning, ${name}: ${warning}.`),
    ];
  });
  const found = [...shared.map((warning) => `Warning: ${warning}.`), ...own];
  const rest = found.length - MOST_NOTES;
  return rest > 1 ? [...found.slice(0, MOST_NOTES), `… and ${rest} more in report.json.`] : found;
}

const MOST_NOTES = 6;

/** Of a run or an explanation; nothing where the chip charges by averages. */
export function readsText(reads: Report['reads']): readonly string[] {
  if (reads === null) return [];
  const rows = reads.layers.length === 0 ? [] : ['', table(READS_HEADER, readsRows(reads), [0]), ''];
  return [readsSentence(reads), ...rows];
}

function accuracyText({ accuracy, withoutAccuracy }: Report): string {
  if (accuracy === null) return `No accuracy: ${withoutAccuracy}.`;
  const { samples, chips, float, digital } = accuracy;
  const images = `${samples} images × ${chips} ${chips === 1 ? 'chip' : 'simulated chips'}`;
  const reference =
    accuracy.reference === null ? '' : `; whole test set, float: ${percent(accuracy.reference, 2)}`;
  return `Accuracy on ${images}; float ${percent(float, 2)}, all-digital int8 ${percent(digital, 2)} on the same images${reference}.`;
}

function largestParts(row: ScheduleReport): string {
  const parts = row.energy.byComponent
    .map(({ component, dynamic, leakage }) => ({ component, energy: dynamic + leakage }))
    .sort((a, b) => b.energy - a.energy)
    .slice(0, 2);
  return parts
    .map(({ component, energy }) => `${component} ${percent(energy / row.energy.total, 0)}`)
    .join(', ');
}
