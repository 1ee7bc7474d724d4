import { marked, shortageText } from '../buffer-shortage.ts';
import { engineering, percent, significant, squareMillimetre } from '../format.ts';
import { abridged, escaped } from '../html.ts';
import type { AccuracyReport, Report, ScheduleReport } from '../report.ts';
import { turnsText } from '../turns.ts';
import { WARNING_LETTERS } from '../warning-text.ts';

/** The figures of a schedule that a talk begins with, each with what it counts. */
export function headline(report: Report, row: ScheduleReport): string {
  const { architecture, workload } = report;
  const { energy, topsPerWatt, bufferShortage: shortage } = row;
  const leakage = energy.byComponent.reduce((sum, { leakage }) => sum + leakage, 0);
  const cards: readonly Card[] = [
    {
      name: marked('energy per inference', shortage),
      figure: engineering(energy.total, 'J'),
      note: `at full load, leakage included (${percent(energy.total === 0 ? 0 : leakage / energy.total)})`,
    },
    {
      name: 'latency',
      figure: engineering(row.latency, 's'),
      note: 'of one inference, from an idle chip to its answer in memory',
    },
    {
      name: 'throughput',
      figure: `${engineering(row.throughput, '')}/s`,
      note: `an answer every ${engineering(row.initiationInterval, 's')} when inferences never run out`,
    },
    accuracyCard(report, row.accuracy),
    {
      name: marked('TOPS/W', shortage),
      figure: significant(topsPerWatt.effective),
      note: `effective: 2 operations a MAC, every MAC of the network over all of its energy; ${abridged(topsPerWatt.precision)}`,
    },
  ];
  const operations = 2 * workload.macs * row.throughput;
  const facts = [
    `${percent(row.analogFraction)} of ${engineering(workload.macs, 'MAC')}s on crossbars`,
    `${row.crossbarsUsed} of ${architecture.crossbars} crossbars used`,
    `${engineering(energy.total * row.throughput, 'W')} at full load`,
    marked(`energy × latency ${engineering(energy.total * row.latency, 'J·s')}`, shortage),
    ...(architecture.area > 0
      ? [
          marked(`${squareMillimetre(architecture.area)} of chip`, shortage),
          marked(
            `${significant(operations / 1e12 / (architecture.area * 1e6))} TOPS/mm² effective`,
            shortage,
          ),
        ]
      : []),
  ];
  const turns = turnsText(row.turns);
  const notes = [
    ...(shortage === null ? [] : [`<p class="note">${escaped(shortageText(shortage))}.</p>`]),
    ...(turns === undefined ? [] : [`<p class="note">${escaped(turns)}.</p>`]),
    ...row.warnings.map(
      (text) => `<p class="note"><b>Warning:</b> ${escaped(abridged(text, WARNING_LETTERS))}.</p>`,
    ),
  ];
  return `<div class="cards">${cards.map(card).join('')}</div><ul class="facts">${facts.map((fact) => `<li>${escaped(fact)}</li>`).join('')}</ul>${notes.join('')}`;
}

interface Card {
  readonly name: string;
  readonly figure: string;
  /** Half width of its interval. */
  readonly interval?: string;
  readonly note: string;
}

function card({ name, figure, interval, note }: Card): string {
  const width = interval === undefined ? '' : ` <small>± ${escaped(interval)}</small>`;
  return `<div class="card"><h3>${escaped(name)}</h3><p class="figure">${escaped(figure)}${width}</p><p>${escaped(note)}</p></div>`;
}

function accuracyCard({ accuracy: run, withoutAccuracy }: Report, own: AccuracyReport | null): Card {
  const name = 'accuracy';
  if (run === null || own === null) {
    return { name, figure: '–', note: `not known: ${abridged(withoutAccuracy ?? 'nobody asked')}` };
  }
  const { samples, chips } = run;
  const over = own.interval95 === null ? '' : ', 95 % interval over chips';
  return {
    name,
    figure: percent(own.mean, 2),
    ...(own.interval95 === null ? {} : { interval: percent(own.interval95, 2) }),
    note: `n = ${samples} images × ${chips} simulated chip${chips === 1 ? '' : 's'}${over}; float ${percent(run.float, 2)}, int8 ${percent(run.digital, 2)}`,
  };
}

/** Accuracy with its interval; a dash where it is not known. */
export function accuracyText(accuracy: AccuracyReport | null): string {
  if (accuracy === null) return '–';
  const interval = accuracy.interval95 === null ? '' : ` ± ${percent(accuracy.interval95, 2)}`;
  return `${percent(accuracy.mean, 2)}${interval}`;
}

/** Which schedule is best at what, in a line, of those whose buffers suffice; nothing where there is nothing to choose. */
export function bestOf(report: Report): string {
  const schedules = report.schedules.filter(({ bufferShortage }) => bufferShortage === null);
  if (schedules.length < 2) return '';
  const at = (what: string, gain: (row: ScheduleReport) => number, text: (row: ScheduleReport) => string) => {
    const best = Math.max(...schedules.map(gain));
    const [first, ...others] = schedules.filter((row) => gain(row) === best);
    const names = others.length === 0 ? abridged(first!.name) : `${others.length + 1} alike`;
    return `${what}: <b>${escaped(names)}</b> (${escaped(text(first!))})`;
  };
  return `<p class="best">${[
    at(
      'Least energy',
      ({ energy }) => -energy.total,
      ({ energy }) => engineering(energy.total, 'J'),
    ),
    at(
      'shortest latency',
      ({ latency }) => -latency,
      ({ latency }) => engineering(latency, 's'),
    ),
    at(
      'most inferences a second',
      ({ throughput }) => throughput,
      ({ throughput }) => engineering(throughput, ''),
    ),
    ...(schedules.every(({ accuracy }) => accuracy !== null)
      ? [
          at(
            'most accurate',
            ({ accuracy }) => accuracy!.mean,
            ({ accuracy }) => accuracyText(accuracy!),
          ),
        ]
      : []),
  ].join(', ')}.</p>`;
}
