import { abridged, details, escaped, htmlTable } from '../html.ts';
import type { Report } from '../report.ts';
import { SHORTAGE_MARK } from '../buffer-shortage.ts';
import { engineering } from '../format.ts';
import { sharedWarnings, WARNING_LETTERS } from '../warning-text.ts';
import { READS_HEADER, readsRows, readsSentence } from '../reads-text.ts';

/** What the figures count and assume, and everything needed to get them again. */
export function provenanceSection(report: Report): string {
  const { provenance, architecture } = report;
  const counted = [
    'Energy is that of one inference at full load: every action of every component at its cost, and the leakage of the whole chip over one initiation interval.',
    'Latency is that of a first inference on an idle chip, from fetching its input to its answer in memory. Throughput is that of inferences back to back, once the pipeline is full.',
    'TOPS/W counts 2 operations a MAC, all MACs of the network over all of its energy, at the stated precision.',
    `The chip leaks ${engineering(architecture.leakage, 'W')} whether it works or not.`,
    ...accuracyLines(report),
    ...shortageLines(report),
    ...warningLines(report),
    `Weights are in place before the first inference, and that is not charged; what is programmed or loaded between inferences, because the chip does not hold the whole network, is. Costs of actions are averages that the architecture file states; they do not follow the data${report.reads?.charged === 'measured' ? ', but for reads and drives of crossbars' : ''}.`,
    ...(report.reads === null ? [] : [readsSentence(report.reads)]),
  ];
  const rows = [
    ['Kirchhoff', provenance.kirchhoff],
    ['seed', String(provenance.seed)],
    ...(report.accuracy === null
      ? []
      : [
          ['test images', String(provenance.samples)],
          ['simulated chips', String(provenance.chips)],
        ]),
    ['task policy', provenance.taskPolicy],
    ['inferences played', String(provenance.inferences)],
    ...provenance.overrides.slice(0, 100).map((override) => ['--set', override]),
  ];
  const files = provenance.inputs.slice(0, 100).map(({ role, file, sha256 }) => [role, file, sha256]);
  return `<ul class="counted">${counted.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>
${readsTable(report)}${report.schedules.some(({ analysis }) => analysis.sensitivity !== undefined) ? '' : '<p>A run with <code>--what-if</code> adds which part matters most: tornadoes, and what if it were faster.</p>'}
<p>What the models of the parts assume stands in <code>arch/README.md</code>, under “What the models assume”; what a chip assumes, in the comments of its file.</p>
${details('Provenance as a table: the same files, flags and seed give the same bytes', htmlTable(['what', 'value'], rows) + htmlTable(['role', 'file', 'SHA-256'], files))}`;
}

function shortageLines({ schedules }: Report): readonly string[] {
  if (schedules.every(({ bufferShortage }) => bufferShortage === null)) return [];
  return [
    `Buffers that are too small (${SHORTAGE_MARK}) are played as if they held the least that their layers need, with the area, leakage and energies of what they are. Such schedules are never Pareto-best.`,
  ];
}

function warningLines({ schedules }: Report): readonly string[] {
  if (schedules.every(({ warnings }) => warnings.length === 0)) return [];
  return [
    'Warnings under the figures of a schedule say what makes them doubtful, or the chip useless for it.',
    ...sharedWarnings(schedules).map((text) => `Of every schedule: ${abridged(text, WARNING_LETTERS)}.`),
  ];
}

function readsTable({ reads }: Report): string {
  if (reads === null || reads.layers.length === 0) return '';
  const caption = 'What was measured of reads on crossbars, layer by layer';
  return details(caption, htmlTable(READS_HEADER, readsRows(reads)));
}

function accuracyLines({ accuracy, withoutAccuracy }: Report): readonly string[] {
  if (accuracy === null) return [`Accuracy is not known: ${abridged(withoutAccuracy ?? 'nobody asked')}.`];
  const { samples, chips } = accuracy;
  return [
    `Accuracy is the mean over ${chips} simulated chip${chips === 1 ? '' : 's'}, each programmed with errors of its own, on the same ${samples} test images; its interval (95 %, Student’s t) says how chips differ, not how few images were asked.`,
  ];
}
