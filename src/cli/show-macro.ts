import { Fault } from '../base/fault.ts';
import { macroFigures } from '../hardware/macros/figures.ts';
import { describesMacro, readMacro } from '../input/macro.ts';
import { readTextFile } from '../input/text-file.ts';
import type { ShowMacroDocument } from '../report/documents.ts';
import { engineering, percent, significant, squareMillimetre, table } from '../report/format.ts';

/** Energy, throughput and area of one operation of a macro, by part; undefined when the file describes no macro. */
export async function macroDocument(
  file: string,
  workload: string | undefined,
  sets: readonly string[],
): Promise<ShowMacroDocument | undefined> {
  if (!describesMacro(await readTextFile(file, 1 << 20))) return undefined;
  if (workload !== undefined) {
    throw new Fault(`${file} is a macro, which runs no workload`, { cure: `leave out ${workload}` });
  }
  const { model, spec } = await readMacro(file, sets);
  const { value } = spec;
  const { parts, ...figures } = macroFigures(model, value);
  const bottomUp = macroFigures(model, value, { calibrated: false });
  return {
    kind: 'kirchhoff-macro',
    formatVersion: 1,
    name: value.name,
    model: model.name,
    source: value.source,
    point: { ...value.point },
    ...figures,
    copies: value.copies,
    calibration: { factor: value.calibration.factor, split: value.calibration.split !== undefined },
    bottomUp: { energy: bottomUp.energy, topsPerWatt: bottomUp.topsPerWatt, area: bottomUp.area },
    parts: parts.map((part, index) => {
      const { energy, area } = bottomUp.parts[index]!;
      return { ...part, bottomUp: { energy, area } };
    }),
  };
}

/** The same for people. */
export function macroText(document: ShowMacroDocument): string {
  const { calibration, parts } = document;
  const copies = document.copies === 1 ? '' : `, ${document.copies} copies`;
  const point = Object.entries(document.point)
    .map(([key, value]) => `${key} ${significantOrWhole(value)}${key === 'supply' ? ' V' : ''}`)
    .join(', ');
  const counted = parts.filter((part) => part.counted).map((part) => part.part);
  return [
    `${document.name} (${document.model}): ${document.source}`,
    `at ${point}${copies}`,
    '',
    table(
      ['', 'calibrated', 'bottom-up'],
      [
        ['operations', engineering(document.operations, 'OP'), ''],
        ['time of an operation', engineering(document.operationTime, 's'), ''],
        ['throughput', engineering(document.throughput, 'OP/s'), ''],
        [
          'energy of an operation',
          engineering(document.energy, 'J'),
          engineering(document.bottomUp.energy, 'J'),
        ],
        ['TOPS/W', significant(document.topsPerWatt), significant(document.bottomUp.topsPerWatt)],
        ['area', areaText(document.area), areaText(document.bottomUp.area)],
        ['TOPS/mm²', document.area > 0 ? significant(document.topsPerSquareMillimetre) : '–', ''],
      ],
    ),
    '',
    table(
      ['part', 'energy', 'share', 'bottom-up', 'share', 'area', 'bottom-up'],
      parts.map((part) => [
        part.part,
        engineering(part.energy, 'J'),
        percent(part.energy / document.energy),
        engineering(part.bottomUp.energy, 'J'),
        percent(part.bottomUp.energy / document.bottomUp.energy),
        areaText(part.area),
        areaText(part.bottomUp.area),
      ]),
    ),
    '',
    `Bottom-up: from capacitances, currents and gates alone, where they are modelled. Calibrated: times ${calibration.factor}${
      calibration.split ? ', shared out as published at one point' : ''
    }, areas as published.`,
    ...(counted.length === parts.length
      ? []
      : [`TOPS/W and TOPS/mm² count ${counted.join(' and ')}, as the publication does.`]),
  ].join('\n');
}

function areaText(area: number): string {
  return area > 0 ? squareMillimetre(area) : '–';
}

function significantOrWhole(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
