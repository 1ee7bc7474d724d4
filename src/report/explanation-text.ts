import type { Analysis } from './analysis.ts';
import { anomalyText } from './anomalies.ts';
import { type BufferShortage, marked, shortageText } from './buffer-shortage.ts';
import type { Explanation } from './explanation.ts';
import { engineering, percent, significant, squareMillimetre, table } from './format.ts';
import { busiestText } from './busiest-text.ts';
import { turnsText } from './turns.ts';
import { readsText } from './terminal.ts';

/** An explanation as a terminal shows it. */
export function explanationText(explanation: Explanation): string {
  const { architecture, workload, schedule, analysis } = explanation;
  const { efficiency } = analysis;
  const { topsPerWatt, topsPerSquareMillimetre, energyDelay } = efficiency;
  const { bufferShortage } = schedule;
  return [
    `${workload.name} on ${architecture.name}, schedule ${schedule.name}: ${engineering(workload.macs, 'MAC')}s an inference, ${schedule.crossbarsUsed} crossbars`,
    '',
    table(
      ['', 'effective', 'peak of the chip'],
      [
        [marked('energy of an inference', bufferShortage), engineering(schedule.energy.total, 'J'), ''],
        ['latency', engineering(schedule.latency, 's'), ''],
        ['initiation interval', engineering(schedule.initiationInterval, 's'), ''],
        [marked('energy × latency', bufferShortage), engineering(energyDelay.latency, 'J·s'), ''],
        [marked('TOPS/W', bufferShortage), significant(topsPerWatt.effective), significant(topsPerWatt.peak)],
        [
          marked('TOPS/mm²', bufferShortage),
          significant(topsPerSquareMillimetre.effective),
          significant(topsPerSquareMillimetre.peak),
        ],
      ],
    ),
    `TOPS: 2 operations a MAC, ${efficiency.precision}. Peak: every part at its full rate at once, memory and digital cores too.`,
    ...(bufferShortage === null ? [] : [`${shortageText(bufferShortage)}.`]),
    ...(schedule.turns === null ? [] : [`${turnsText(schedule.turns)}.`]),
    ...schedule.warnings.map((warning) => `Warning: ${warning}.`),
    ...readsText(explanation.reads),
    ...layersText(analysis, schedule),
    ...pathText(analysis),
    ...energyText(analysis),
    ...utilisationText(analysis, schedule),
    ...stallsText(analysis),
    ...areaText(architecture, bufferShortage),
    ...whatIfText(analysis),
    ...sensitivityText(analysis, schedule),
  ].join('\n');
}

function layersText({ layers, bottleneck, roofline }: Analysis, schedule: Explanation['schedule']): string[] {
  const { initiationInterval: interval, turns } = schedule;
  const rows = layers.map(({ layer, bottleneck: own, roofline: roof }) => [
    layer,
    ...(own === null
      ? ['–', '', '', '']
      : [own.unit, engineering(own.busy, 's'), engineering(own.load, 's'), percent(own.slack / interval)]),
    ...(roof === null
      ? ['–', '', '', '']
      : [
          significant(roof.intensity),
          engineering(roof.achieved, 'MAC/s'),
          engineering(roof.attainable, 'MAC/s'),
          roof.bound,
        ]),
  ]);
  const header = [
    ...['layer', 'keeps busiest', 'busy', 'load', 'slack'],
    ...['MAC/B', 'achieved', 'attainable', 'bound by'],
  ];
  return [
    ...heading('What sets the pace'),
    bottleneck === null ? '' : `Busiest: ${busiestText(bottleneck, interval, turns !== null)}.`,
    table(header, rows, [0, 1, 8]),
    'busy: for this layer, load: for all layers, a time per inference; slack: what the interval leaves of it.',
    roofline === null
      ? ''
      : `Roofline of the schedule: ${significant(roofline.intensity)} MAC/B, ${engineering(roofline.peak, 'MAC/s')} peak, ${engineering(roofline.bandwidth, 'B/s')}: ${engineering(roofline.attainable, 'MAC/s')} attainable (${roofline.bound}), ${engineering(roofline.achieved, 'MAC/s')} achieved.`,
  ];
}

function pathText({ criticalPath }: Analysis): string[] {
  const { latency, parts } = criticalPath;
  const longest = [...parts].sort((a, b) => b.time - a.time).slice(0, MOST_PARTS);
  const shown = parts.filter((part) => longest.includes(part));
  const rest = latency - shown.reduce((sum, { time }) => sum + time, 0);
  const rows = shown.map(({ layer, part, time }) => [
    layer,
    part,
    engineering(time, 's'),
    percent(time / latency),
  ]);
  if (parts.length > shown.length) {
    const others = `${parts.length - shown.length} shorter ones`;
    rows.push([others, '', engineering(rest, 's'), percent(rest / latency)]);
  }
  return [
    ...heading('Critical path of the first inference'),
    table(['layer', 'waits for', 'time', 'share'], rows, [0, 1]),
  ];
}

function energyText({ energyMatrix }: Analysis): string[] {
  const { components, rows } = energyMatrix;
  const total = (column: number) => rows.reduce((sum, { energy }) => sum + energy[column]!, 0);
  const columns = components.map((_, index) => index).filter((column) => total(column) > 0);
  const sum = (energy: readonly number[]) => energy.reduce((a, b) => a + b, 0);
  const line = (name: string, energy: readonly number[]) => [
    name,
    ...columns.map((column) => (energy[column] === 0 ? '·' : engineering(energy[column]!, 'J'))),
    engineering(sum(energy), 'J'),
  ];
  return [
    ...heading('Energy of an inference'),
    table(
      ['layer', ...columns.map((column) => components[column]!), 'sum'],
      [
        ...rows.map(({ layer, energy }) => line(layer, energy)),
        line(
          'sum',
          components.map((_, column) => total(column)),
        ),
      ],
    ),
  ];
}

function utilisationText({ utilisation }: Analysis, { utilisation: components }: Explanation['schedule']) {
  return [
    ...heading('Utilisation over the whole stream'),
    table(
      ['resource', 'on the chip', 'mean', 'highest'],
      utilisation.groups.map(({ resource, units, mean, highest }) => [
        resource,
        String(units),
        percent(mean),
        percent(highest),
      ]),
    ),
    'Busy time over that of all inferences played, filling and draining of the pipeline included: below the share of the interval in steady state (above).',
    `Actions over those at the highest rate, in the same time: ${components.map(({ component, fraction }) => `${component} ${percent(fraction)}`).join(', ')}.`,
  ];
}

// What waits for data waits for what held the other layer up: those waits come in one line.
function stallsText({ stalls }: Analysis): string[] {
  if (stalls.length === 0) return [];
  const inputs = stalls.filter(({ resource }) => resource === 'input');
  const others = stalls.filter(({ resource }) => resource !== 'input');
  const rows = others
    .slice(0, MOST_STALLS)
    .map(({ layer, resource, buffer, holder, time }) => [
      ...[layer, buffer === null ? resource : `room in the ${buffer}`],
      ...[buffer === null ? holder : `${holder}, which has not read it`, engineering(time, 's')],
    ]);
  const more = others.length - rows.length;
  const [longest] = inputs;
  return [
    ...heading('Who waited for whom'),
    ...(rows.length === 0
      ? []
      : [table(['layer', 'waited for', 'held by', 'an inference'], rows, [0, 1, 2])]),
    ...(more > 0 ? [`${more} shorter waits: --json.`] : []),
    ...(longest === undefined
      ? []
      : [
          `For data of the layers before: ${longest.layer} ${engineering(longest.time, 's')} for ${longest.holder}` +
            `${inputs.length === 1 ? '' : ` and ${inputs.length - 1} other pairs`}, which follows from other waits and from work.`,
        ]),
    'room: for output, in a buffer that is full of what that layer has not read; weightsFromMemory: for programming it. Tasks of several copies wait at once.',
  ];
}

function areaText(
  { area, components }: Explanation['architecture'],
  bufferShortage: BufferShortage | null,
): string[] {
  const rows = components
    .filter((part) => part.area > 0)
    .map((part) => [
      part.component,
      String(part.count),
      squareMillimetre(part.area),
      percent(part.area / area),
    ]);
  return [...heading(marked('Area', bufferShortage)), table(['component', 'count', 'area', 'share'], rows)];
}

function whatIfText(analysis: Analysis): string[] {
  const { whatIf } = analysis;
  if (whatIf === undefined) return [];
  const anomaly = anomalyText(analysis);
  const rows = whatIf.map((row) => [
    row.part,
    row.speed === null ? 'infinitely' : `${row.speed} ×`,
    engineering(row.interval, 's'),
    `${row.intervalGain.toFixed(2)} ×`,
    engineering(row.latency, 's'),
    `${row.latencyGain.toFixed(2)} ×`,
  ]);
  return [
    ...heading('What if a part were faster, or larger or wider (same schedule, simulated again)'),
    table(['part', 'by', 'interval', 'gain', 'latency', 'gain'], rows),
    ...(anomaly === undefined ? [] : [`${anomaly}.`]),
  ];
}

function sensitivityText(
  { sensitivity }: Analysis,
  { energy, latency, initiationInterval }: Explanation['schedule'],
) {
  if (sensitivity === undefined) return [];
  const span = ({ less, more }: { less: number; more: number }, now: number) =>
    `${signed(less / now - 1)} … ${signed(more / now - 1)}`;
  return [
    ...heading(`What ${percent(sensitivity.change, 0)} less or more of a part's energy or time changes`),
    table(
      ['energy of', 'energy of an inference'],
      sensitivity.energy.map(({ component, total }) => [component, span(total, energy.total)]),
    ),
    '',
    table(
      ['time of', 'interval', 'latency', 'energy'],
      sensitivity.time.map((row) => [
        row.part,
        span(row.interval, initiationInterval),
        span(row.latency, latency),
        span(row.energy, energy.total),
      ]),
    ),
  ];
}

function signed(fraction: number): string {
  const text = (Math.abs(fraction) * 100).toFixed(2);
  return `${text === '0.00' ? '±' : fraction < 0 ? '−' : '+'}${text} %`;
}

function heading(text: string): string[] {
  return ['', text, ''];
}

const MOST_PARTS = 16;
const MOST_STALLS = 12;
