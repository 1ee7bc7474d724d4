import { engineering, percent, significant } from './format.ts';
import type { ReadsReport } from './report.ts';

/** What reads on crossbars were charged by, in a sentence. */
export function readsSentence({ charged, why, images }: ReadsReport): string {
  return charged === 'measured'
    ? `Reads and drives of crossbars are charged by what each layer’s cells conduct, as programmed on the first simulated chip, and by its inputs on ${images} calibration images.`
    : `Reads of crossbars are charged by the stated average, not measured as the chip asks: ${why}.`;
}

export const READS_HEADER = [
  'layer',
  'input density',
  'lines driven',
  'conductance',
  'cell read',
  'of average',
];

/** A row for each layer: what was measured and what it makes of a read. */
export function readsRows({ layers }: ReadsReport): string[][] {
  return layers.map(({ layer, density, active, conductance, readEnergy, overAverage }) => [
    ...[layer, percent(density, 2), percent(active, 2), percent(conductance, 2)],
    ...[engineering(readEnergy, 'J'), overAverage === null ? '–' : significant(overAverage)],
  ]);
}
