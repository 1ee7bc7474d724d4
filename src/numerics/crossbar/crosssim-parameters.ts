import { Fault } from '../../base/fault.ts';
import { cellOf } from './crosssim-cells.ts';
import { converterOf } from './crosssim-converters.ts';
import { type CrossSimParameters, CrossSimReader, styleOf } from './crosssim-reader.ts';
import type { CrossbarParameters } from './parameters.ts';
import type { Spread } from './spread.ts';

/**
 * The crossbar that CrossSim 3.2 parameters describe; what is not listed has CrossSim's default. Unknown names are
 * refused, as is what has no counterpart here. Where CrossSim computes what its own documentation does not
 * intend (terminal resistance of rows on the wrong axis), the intended circuit is meant.
 */
export function crossSimParameters(overrides: CrossSimParameters): CrossbarParameters {
  const reader = new CrossSimReader(overrides);
  const result: Mutable<CrossbarParameters> = {
    encoding: encodingOf(reader),
    inputs: inputsOf(reader),
    cell: cellOf(reader),
    converter: converterOf(reader),
    ...partitionOf(reader),
  };
  const wires = wiresOf(reader);
  if (wires !== undefined) result.wires = wires;
  const limit = reader.number('xbar.array.Icol_max', 0);
  if (limit > 0) result.columnLimit = limit;
  for (const name of ['complex_matrix', 'complex_input']) reader.only(`core.${name}`, false);
  reader.only('core.output_dtype', 'NATIVE', 'FLOAT64');
  for (const paired of ['xbar.adc', 'xbar.dac', 'core.mapping.inputs']) reader.only(`${paired}._match`, true);
  reader.finish();
  return result;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function encodingOf(reader: CrossSimReader): CrossbarParameters['encoding'] {
  const { style, differential } = styleOf(reader);
  const balanced = reader.choice('core.balanced.style', 'ONE_SIDED', ['ONE_SIDED', 'TWO_SIDED'], [1, 2]);
  const analog = reader.flag('core.balanced.subtract_current_in_xbar', true);
  const removal = reader.choice(
    'core.offset.style',
    'DIGITAL_OFFSET',
    ['DIGITAL_OFFSET', 'UNIT_COLUMN_SUBTRACTION'],
    [1, 2],
  );
  const slices = reader.number('core.bit_sliced.num_slices', 2);
  const weightBits = reader.number('core.weight_bits', 0);
  const cellBits = reader.number('xbar.device.cell_bits', 0);
  const accumulation = reader.flag('xbar.adc.mvm.adc_per_ibit', false) ? 'digital' : 'analog';
  const offsetRemoval = removal === 'DIGITAL_OFFSET' ? 'digital' : 'unitColumn';
  const sliced = style === 'BITSLICED';
  return {
    ...{ scheme: differential ? 'differential' : 'offset', weightBits, accumulation },
    ...(differential ? {} : { offsetRemoval, unitColumn: 'first' as const }),
    ...(differential && !analog ? { subtraction: 'digital' as const } : {}),
    ...(style === 'BALANCED' && balanced === 'TWO_SIDED' ? { pairing: 'twoSided' as const } : {}),
    ...(sliced
      ? { sliceBits: sliceBits(weightBits, slices, differential), sliceLevels: 'common' }
      : { cellBits }),
    ...weightRangeOf(reader),
    offsetScale: 'reference',
  };
}

/** Equal slices, the last one keeping the rest, even of none. */
function sliceBits(weightBits: number, slices: number, differential: boolean): number[] {
  const fault = (problem: string, cure: string) => new Fault(problem, { cure });
  if (!Number.isInteger(slices) || slices < 1 || slices > 16) {
    throw fault(
      `core.bit_sliced.num_slices: ${slices} is no whole number from 1 to 16`,
      'give 2, for example',
    );
  }
  if (weightBits < 2) {
    throw fault(`core.weight_bits: ${weightBits} bits cannot be sliced`, 'give 8, for example');
  }
  const magnitude = differential ? weightBits - 1 : weightBits;
  const width = weightBits % slices === 0 ? weightBits / slices : Math.ceil(magnitude / slices);
  return Array.from({ length: slices }, (_, slice) =>
    Math.max(Math.min(width, magnitude - slice * width), 0),
  );
}

function weightRangeOf(reader: CrossSimReader): CrossbarParameters['encoding'] {
  const path = 'core.mapping.weights';
  const low = reader.optional(`${path}.min`);
  const high = reader.optional(`${path}.max`);
  const percentile = reader.number(`${path}.percentile`, 1);
  reader.only(`${path}.clipping`, true);
  if (low === undefined && high === undefined)
    return { weightPercentile: percentile * 100, percentileOf: 'tails' };
  const asked = reader.optional(`${path}.percentile`);
  if (asked !== undefined || !reader.has(`${path}.percentile`)) {
    throw new Fault(`${path}.min: a range and a percentile, ${percentile}, at once`, {
      cure: `set ${path}.percentile to null, or leave min and max out`,
    });
  }
  if (high === undefined || low !== -high || high <= 0) {
    throw new Fault(`${path}.min: a range from ${low} to ${high} is not symmetric`, {
      cure: 'give ± the same',
    });
  }
  return { weightRange: high };
}

function inputsOf(reader: CrossSimReader): CrossbarParameters['inputs'] {
  const path = 'core.mapping.inputs.mvm';
  const models = ['IdealDAC', 'QuantizerDAC', 'SignMagnitudeDAC'] as const;
  const model = reader.choice('xbar.dac.mvm.model', 'IdealDAC', models);
  const bits = reader.number('xbar.dac.mvm.bits', 0);
  const sliced = reader.flag('xbar.dac.mvm.input_bitslicing', false);
  const sliceSize = reader.number('xbar.dac.mvm.slice_size', 1);
  const signed = reader.flag('xbar.dac.mvm.signed', true);
  const quantized = model !== 'IdealDAC' && bits > 0;
  const percentile = reader.optional(`${path}.percentile`);
  reader.only(`${path}.clipping`, false);
  if (model === 'SignMagnitudeDAC' && !signed) {
    throw new Fault('xbar.dac.mvm.signed: drivers of sign and magnitude are signed', {
      cure: 'use QuantizerDAC',
    });
  }
  if (sliced && quantized && signed && model === 'QuantizerDAC') {
    throw new Fault('xbar.dac.mvm.model: slices of signed inputs have a sign and a magnitude', {
      cure: 'use SignMagnitudeDAC',
    });
  }
  return {
    low: reader.number(`${path}.min`, -1),
    high: reader.number(`${path}.max`, 1),
    signed,
    bits: quantized ? bits : 0,
    codes: quantized && model === 'SignMagnitudeDAC' ? 'odd' : 'all',
    sliceBits: quantized && sliced ? sliceSize : 0,
    // Unsigned inputs of a range that follows the call fill one half of it.
    ...(percentile === undefined ? {} : { percentile, headroom: signed ? 1 : 2 }),
  };
}

function partitionOf(reader: CrossSimReader): CrossbarParameters {
  const most = (name: string) => {
    const value = reader.number(name, 0);
    return value > 0 ? value : undefined;
  };
  const [rows, columns] = [most('core.rows_max'), most('core.cols_max')];
  // Rows of the matrix are outputs: columns here.
  return {
    ...(rows === undefined ? {} : { rows }),
    ...(columns === undefined ? {} : { columns }),
    ...{ rowSpread: spreadOf(reader, 'col'), columnSpread: spreadOf(reader, 'row') },
  };
}

function spreadOf(reader: CrossSimReader, of: 'row' | 'col'): Spread {
  const path = `core.mapping.weights.${of}_partition`;
  reader.only(`${path}_priority`);
  const strategy = reader.choice(`${path}_strategy`, 'EQUAL', ['MAX', 'EQUAL'], [1, 2]);
  return strategy === 'MAX' ? 'full' : 'rounded';
}

function wiresOf(reader: CrossSimReader): CrossbarParameters['wires'] {
  const path = 'xbar.array.parasitics';
  const enabled = reader.flag(`${path}.enable`, false);
  const unit = 1 / reader.number('xbar.device.Rmin', 1000);
  const row = reader.number(`${path}.Rp_row`, 0) * unit;
  const column = reader.number(`${path}.Rp_col`, 0) * unit;
  const rowTerminal = reader.number(`${path}.Rp_row_terminal`, 0) * unit;
  const columnTerminal = reader.number(`${path}.Rp_col_terminal`, 0) * unit;
  const inputSourced = reader.flag(`${path}.current_from_input`, true);
  const selected = reader.choice(`${path}.selected_rows`, 'top', ['top', 'bottom']);
  const interleaved = reader.flag('core.balanced.interleaved_posneg', false);
  if (!enabled) return undefined;
  return {
    ...{ row, column, rowTerminal, columnTerminal },
    topology: inputSourced ? 'inputSourced' : 'gated',
    pairs: interleaved ? 'interleaved' : 'separate',
    // An input-sourced block is solved as if its crossbar ended with it.
    unusedRows: inputSourced || selected === 'bottom' ? 'atFarEnd' : 'atOutput',
  };
}
