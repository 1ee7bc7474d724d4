import { type Design, design } from '../design.ts';

/** The two ways of signed weights that the paper sets against each other. */
export const ENCODINGS = ['differential', 'offset'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export function encoded(scheme: Encoding): Design {
  return { 'encoding.scheme': scheme };
}

export function sliced(weightSlices: number): Design {
  return { 'encoding.weightSlices': String(weightSlices) };
}

export const LAWS = ['independent', 'proportional'] as const;
export type Law = (typeof LAWS)[number];

/** Normal errors of programming; sigma relative to the largest conductance, 0: none. */
export function programmed(law: Law, sigma: number): Design {
  return sigma === 0 ? {} : { 'analogCore.cell.program': normal(law, sigma) };
}

/** Normal noise of every read. */
export function readWith(law: Law, sigma: number): Design {
  return { 'analogCore.cell.read': normal(law, sigma) };
}

/** Largest over smallest conductance. */
export function onOff(ratio: number): Design {
  return { 'analogCore.cell.onOffRatio': String(ratio) };
}

/** Converters of so many bits; their energy is no matter here. */
export function converter(bits: number): Design {
  return { 'analogCore.adcBank.adc': `{type: sar, bits: ${bits}, sampleRate: 1 GHz, energy: 0 J}` };
}

/** How the range of converters is set. Offset currents and those of single cells have no natural middle. */
export const RANGES: Readonly<Record<'calibrated' | 'leastError' | 'granular' | 'max', Design>> = {
  calibrated: { 'analogCore.adcBank.range': 'calibrated' },
  leastError: { 'analogCore.adcBank.range': 'calibrated', 'analogCore.adcBank.rule': 'leastError' },
  granular: { 'analogCore.adcBank.range': 'granular' },
  max: { 'analogCore.adcBank.range': 'max' },
};

/** Both limits of a calibrated range on their own. */
export const FREE_LIMITS: Design = { 'analogCore.adcBank.shape': 'free' };

/** Codes of two conversions are subtracted, not currents before one. */
export const SUBTRACTED_DIGITALLY: Design = { 'encoding.subtraction': 'digital' };

export const UNIT_COLUMN: Design = { 'encoding.offsetRemoval': 'unitColumn' };

/** Current paths of a crossbar with resistive wires. */
export const TOPOLOGIES = ['gated', 'inputSourced', 'interleaved'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** Wires of a resistance relative to a cell fully on, R · Gmax: bit lines, and word lines where they carry current. */
export function wired(topology: Topology, relative: number): Design {
  const path = 'analogCore.crossbar.wires';
  const resistance = `${relative} / maxConductance`;
  if (topology === 'gated') {
    return design({ [`${path}.topology`]: 'gated', [`${path}.columnResistance`]: resistance });
  }
  return design(
    { [`${path}.columnResistance`]: resistance, [`${path}.rowResistance`]: resistance },
    topology === 'interleaved' ? { [`${path}.pairs`]: 'interleaved' } : {},
  );
}

function normal(law: Law, sigma: number): string {
  return `{type: normal, law: ${law}, sigma: ${sigma}}`;
}
