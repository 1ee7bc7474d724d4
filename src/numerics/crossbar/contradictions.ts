import { Fault } from '../../base/fault.ts';
import { checkCell } from '../../hardware/cell-conflicts.ts';
import type { CrossbarSettings } from './parameters.ts';

/** Refuses parameters that contradict each other, which no single key shows. */
export function checkParameters(settings: CrossbarSettings): void {
  checkEncoding(settings);
  checkInputs(settings);
  checkConverter(settings);
  checkWires(settings);
  checkCell({ ...settings.cell, bits: 1 }, (key, problem, cure) => {
    // Laws of current against voltage may be asked beyond what was measured.
    if (key !== 'iv') refuse(`cell.${key}: ${problem}`, cure.replaceAll('analogCore.', ''));
  });
}

function checkEncoding({ encoding: e }: CrossbarSettings): void {
  if (e.sliceBits !== undefined) {
    const magnitude = e.scheme === 'differential' ? e.weightBits - 1 : e.weightBits;
    const total = e.sliceBits.reduce((sum, bits) => sum + bits, 0);
    if (e.weightBits === 0)
      refuse('encoding.sliceBits: slices need integer weights', 'set encoding.weightBits');
    if (e.weightBits === 1)
      refuse('encoding.weightBits: one bit is a sign without a magnitude to slice', 'use 2 bits');
    if (total !== magnitude) {
      refuse(
        `encoding.sliceBits: slices of ${total} bits for a magnitude of ${magnitude}`,
        `make them add up to ${magnitude}`,
      );
    }
    if (e.sliceLevels === 'own' && e.sliceBits.includes(0)) {
      refuse(
        'encoding.sliceBits: a slice of 0 bits has no levels of its own',
        'set encoding.sliceLevels: common',
      );
    }
    if (e.pairing === 'twoSided') {
      refuse('encoding.pairing: twoSided pairs hold whole weights', 'leave encoding.sliceBits out');
    }
    if (e.cellBits > 0) {
      refuse('encoding.cellBits: cells of slices have the levels of their slice', 'leave it out');
    }
  }
  if (e.scheme === 'offset' && (e.pairing === 'twoSided' || e.subtraction === 'digital')) {
    refuse('encoding.scheme: offset has no pairs to balance or subtract', 'use scheme differential');
  }
  if (e.scheme === 'offset' && e.cellBits === 1) {
    refuse('encoding.cellBits: two levels have no middle for a weight of 0', 'use 2 bits');
  }
  if (e.scheme === 'differential' && e.offsetRemoval === 'unitColumn') {
    refuse('encoding.offsetRemoval: pairs have no offset to remove', 'leave it out, or use scheme offset');
  }
}

function checkInputs({ inputs: x }: CrossbarSettings): void {
  const given = x.percentile === undefined;
  if (!(x.low < x.high)) refuse(`inputs.low: ${x.low} is not below inputs.high, ${x.high}`, 'exchange them');
  if (x.bits === 0 && x.sliceBits > 0)
    refuse('inputs.sliceBits: slices need drivers of so many bits', 'set inputs.bits');
  if (x.codes === 'odd' && x.bits === 1)
    refuse('inputs.codes: odd codes of one bit are only 0', 'use 2 bits');
  if (x.codes === 'odd' && !x.signed)
    refuse('inputs.codes: odd codes are those of a sign and a magnitude', 'set inputs.signed: true');
  if (x.bits === 1 && x.signed && x.sliceBits > 0)
    refuse('inputs.bits: one bit is a sign without a magnitude to slice', 'use 2 bits');
  if (given && x.bits > 0 && !x.signed && x.low < 0) {
    refuse(
      `inputs.low: ${x.low} on word lines that carry one sign`,
      'set inputs.low: 0, or inputs.signed: true',
    );
  }
  const skewed = x.signed ? x.low !== -x.high : x.low !== 0;
  if (given && skewed && (x.sliceBits > 0 || x.codes === 'odd')) {
    const which = x.codes === 'odd' ? 'inputs.codes: odd codes' : 'inputs.sliceBits: slices of a magnitude';
    refuse(
      `${which} of inputs from ${x.low} to ${x.high}`,
      x.signed ? 'set inputs.low to −inputs.high' : 'set inputs.low: 0',
    );
  }
}

function checkConverter({ encoding: e, inputs: x, converter: c }: CrossbarSettings): void {
  if (c.range === 'given' && c.limits === undefined)
    refuse('converter.limits: missing for range given', 'add them');
  if (c.range !== 'given' && c.limits !== undefined)
    refuse(`converter.limits: not used by range ${c.range}`, 'set converter.range: given, or leave them out');
  for (const [low, high] of c.limits ?? []) {
    if (!(low < high)) refuse(`converter.limits: ${low} is not below ${high}`, 'exchange them');
  }
  const slices = e.sliceBits?.length ?? 1;
  if (c.limits !== undefined && c.limits.length !== 1 && c.limits.length !== slices) {
    refuse(
      `converter.limits: ${c.limits.length} pairs for ${slices} slices`,
      'give one, or one for each slice',
    );
  }
  if (c.range === 'granular' && (x.sliceBits === 0 || e.accumulation === 'analog')) {
    refuse('converter.range: granular steps need a conversion for each input slice', 'set inputs.sliceBits');
  }
}

function checkWires({ encoding: e, inputs: x, wires: w }: CrossbarSettings): void {
  if (w === undefined) return;
  if (w.topology === 'gated' && (x.sliceBits !== 1 || x.bits === 0)) {
    refuse('wires.topology: gated cells are open or shut', 'set inputs.bits, and inputs.sliceBits: 1');
  }
  if (w.pairs === 'interleaved' && (e.scheme === 'offset' || e.subtraction === 'digital')) {
    refuse(
      'wires.pairs: interleaved cells share a bit line, so they are pairs subtracted on it',
      'use separate',
    );
  }
}

function refuse(problem: string, cure: string): never {
  throw new Fault(problem, { cure });
}
