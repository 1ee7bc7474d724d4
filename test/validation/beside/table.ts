import { engineering, significant } from '../../../src/report/format.ts';
import type { Report } from '../../../src/report/report.ts';
import { MNSIM, NEUROSIM, NEUROSIM_RESNET18, type Printed } from './published.ts';

/** One inference on a chip of ours, as a tool prints it, and the area by part in m². */
export interface Ours extends Printed {
  readonly latency: number;
  readonly areas: Readonly<Record<keyof (typeof NEUROSIM_RESNET18)['area'], number>>;
}

/** Figures of the one schedule of a report; without the memory outside the chip, which neither tool counts. */
export function oursOf({ schedules, architecture }: Report): Ours {
  const { energy, initiationInterval, latency } = schedules[0]!;
  const joule = (...names: readonly string[]) =>
    energy.byComponent
      .filter(({ component }) => names.includes(component))
      .reduce((sum, { dynamic, leakage }) => sum + dynamic + leakage, 0);
  const area = (name: string) =>
    architecture.components
      .filter(({ component }) => component === name)
      .reduce((sum, component) => sum + component.area, 0);
  const [converters, accumulation] = [joule('adcBank'), joule('shiftAndAdd')];
  const parts = {
    cells: area('crossbar'),
    converters: area('adcBank'),
    accumulation: area('shiftAndAdd'),
    wires: area('interconnect'),
  };
  const rest = Object.values(parts).reduce((left, part) => left - part, architecture.area);
  return {
    ...{ converters, accumulation, other: energy.total - converters - accumulation - joule('memory') },
    ...{ time: initiationInterval, latency, area: architecture.area, areas: { ...parts, other: rest } },
  };
}

export const total = (one: Printed): number => one.converters + one.accumulation + one.other;

/** The table of arch/README.md: ours, theirs, the quotient and, in a few words, why. */
export function besideTable(vgg8: Ours, resnet18: Ours, rram: Ours): string {
  const conversions = MNSIM.converterShare * MNSIM.energy;
  return [
    '| one inference | Kirchhoff | the tool | tool ÷ ours | why |',
    '| --- | --- | --- | --- | --- |',
    ...neurosimRows('VGG-8', vgg8, NEUROSIM.vgg8),
    ...neurosimRows('ResNet-18', resnet18, NEUROSIM.resnet18),
    ...Object.entries(NEUROSIM_RESNET18.area).map(([part, area]) =>
      row(`area of it, ${part}`, mm2, resnet18.areas[part as keyof Ours['areas']], area, AREA_WHY[part]!),
    ),
    row('VGG-8, MNSIM 2.0: energy', joules, total(rram), MNSIM.energy, 'converters'),
    row(
      `converters (${percent(rram.converters / total(rram))}, ${percent(MNSIM.converterShare)})`,
      joules,
      rram.converters,
      conversions,
      '8 periods, 2 halves, 9 input bits',
    ),
    row(
      'all other',
      joules,
      total(rram) - rram.converters,
      MNSIM.energy - conversions,
      'not split in its totals',
    ),
    row('one image', seconds, rram.latency, MNSIM.time, 'buffers, links; no overlap in a layer'),
    row('area', mm2, rram.area, MNSIM.area, 'buffers at 90 nm, below'),
  ].join('\n');
}

const AREA_WHY: Readonly<Record<string, string>> = {
  cells: 'a larger cell, 280 F²; ours 0.092 µm²',
  converters: 'sense amplifiers; ours by a law for 28 nm',
  accumulation: 'that of cores, tiles and chip, too',
  wires: 'within tiles, too; ours the mesh alone',
  other: 'ours: registers, vector units',
};

function neurosimRows(network: string, ours: Ours, theirs: Printed): readonly string[] {
  const share = (one: Printed) => percent(one.converters / total(one));
  return [
    row(`${network}, NeuroSim 1.4: energy`, joules, total(ours), total(theirs), 'converters'),
    row(
      `converters (${share(ours)}, ${share(theirs)})`,
      joules,
      ours.converters,
      theirs.converters,
      'a law for whole converters; 31 sense amplifiers',
    ),
    row('accumulation', joules, ours.accumulation, theirs.accumulation, 'always 16 bits; narrower'),
    row('all other', joules, ours.other, theirs.other, 'drivers, buffers, wires'),
    row(
      'between inferences',
      seconds,
      ours.time,
      theirs.time,
      network === 'VGG-8' ? 'stages overlap; added up' : 'buffer reads',
    ),
    row('area', mm2, ours.area, theirs.area, 'by other parts, below'),
  ];
}

type Show = (value: number) => string;
const joules: Show = (value) => engineering(value, 'J');
const seconds: Show = (value) => engineering(value, 's');
const mm2: Show = (value) => `${significant(value * 1e6)} mm²`;
const percent: Show = (value) => `${Math.round(100 * value)} %`;

function row(what: string, show: Show, ours: number, theirs: number, why: string): string {
  return `| ${[what, show(ours), show(theirs), `${(theirs / ours).toPrecision(2)}`, why].join(' | ')} |`;
}
