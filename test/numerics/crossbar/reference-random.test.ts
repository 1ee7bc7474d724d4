import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossbar, crossSimParameters, programCrossbar } from '../../../src/index.ts';
import { type ReferenceCase, referenceProduct } from './reference-crosssim.ts';

// Every combination of CrossSim's parameters that it has a meaning for, drawn at random, by its own names: the public
// function against plain equations and netlists.
const draws = fc.record({
  style: fc.constantFrom('BALANCED' as const, 'OFFSET' as const, 'BITSLICED' as const),
  twoSided: fc.boolean(),
  analogSubtraction: fc.boolean(),
  unitColumn: fc.boolean(),
  slicedStyle: fc.constantFrom('BALANCED' as const, 'OFFSET' as const),
  slices: fc.integer({ min: 2, max: 5 }),
  weightBits: fc.integer({ min: 3, max: 9 }),
  cellBits: fc.constantFrom(0, 1, 2, 4, 7),
  percentile: fc.constantFrom(1, 0.9, 0.75, 1.3),
  g: fc.constantFrom(0, 0.01, 0.1, 0.5),
  signed: fc.boolean(),
  range: fc.constantFrom([0, 1], [0, 2], [-0.5, 1.5], [-1, 1], [-2, 2], [0, 0.6]),
  inputPercentile: fc.constantFrom(undefined, undefined, undefined, 1, 1.2, 0.9),
  dac: fc.constantFrom('IdealDAC' as const, 'Quantized' as const),
  bits: fc.integer({ min: 1, max: 8 }),
  sliceSize: fc.constantFrom(0, 1, 1, 2, 3, 4),
  adc: fc.constantFrom(
    'IdealADC',
    'QuantizerADC',
    'SignMagnitudeADC',
    'RampADC',
    'SarADC',
    'PipelineADC',
    'CyclicADC',
  ),
  adcBits: fc.integer({ min: 2, max: 9 }),
  adcSigned: fc.boolean(),
  perInputBit: fc.boolean(),
  option: fc.constantFrom('CALIBRATED' as const, 'MAX' as const, 'GRANULAR' as const),
  limits: fc.constantFrom([-1.5, 1.5], [-0.75, 2], [0, 3.1], [-2.3, 2.3], [0.4, 2.2]),
  gain: fc.constantFrom(100, 40, 25),
  split: fc.boolean(),
  symmetric: fc.boolean(),
  columnLimit: fc.constantFrom(0, 0, 0, 0.7),
  rowsMax: fc.constantFrom(0, 0, 4, 3, 16),
  colsMax: fc.constantFrom(0, 0, 2, 3),
  partition: fc.constantFrom('EQUAL' as const, 'MAX' as const),
  wires: fc.constantFrom(undefined, undefined, 'inputSourced' as const, 'gated' as const),
  interleaved: fc.boolean(),
  resistances: fc.constantFrom(
    [1e-3, 3e-3, 0, 0],
    [0, 0.02, 0, 0],
    [5e-3, 0, 0, 0.03],
    [0.01, 0.02, 0.05, 0.1],
  ),
  selected: fc.constantFrom('top' as const, 'bottom' as const),
  cubic: fc.constantFrom(undefined, undefined, undefined, 0.1, 1),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

type Draw = typeof draws extends fc.Arbitrary<infer T> ? T : never;

/** What CrossSim refuses is made what it takes. */
function caseOf(d: Draw): ReferenceCase {
  const differential = (d.style === 'BITSLICED' ? d.slicedStyle : d.style) === 'BALANCED';
  const gated = d.wires === 'gated';
  const interleaved = d.wires !== undefined && d.interleaved && differential;
  const quantized = d.dac === 'Quantized' || gated;
  const signed = d.signed && !(gated && d.bits < 2);
  const sliced = quantized && (d.sliceSize > 0 || gated);
  const sign = signed && (sliced || d.seed % 2 === 0);
  const bits = signed ? Math.max(d.bits, 2) : d.bits;
  const symmetricRange = signed && d.range[0] !== -d.range[1]! ? [-1, 1] : d.range;
  const range = signed ? (sign ? symmetricRange : d.range) : d.range[0]! < 0 ? [0, 1] : d.range;
  const perInputBit = d.perInputBit && sliced;
  const option = d.option === 'GRANULAR' && !perInputBit ? 'MAX' : d.option;
  // Without bits of drivers and weights these ranges are not defined.
  const known = option === 'CALIBRATED' || quantized;
  const symmetricLimits = d.adc === 'SignMagnitudeADC' || (option !== 'CALIBRATED' && false);
  const limits = symmetricLimits && d.limits[0] !== -d.limits[1]! ? [-1.7, 1.7] : d.limits;
  const c: ReferenceCase = {
    style: d.style,
    twoSided: d.style === 'BALANCED' && d.twoSided,
    analogSubtraction: d.analogSubtraction || interleaved,
    unitColumn: d.unitColumn && !differential,
    slicedStyle: d.slicedStyle,
    slices: Math.min(d.slices, differential ? d.weightBits - 1 : d.weightBits),
    weightBits: d.weightBits,
    cellBits: d.style === 'OFFSET' && d.cellBits === 1 ? 2 : d.cellBits,
    percentile: d.percentile,
    g: d.g,
    inputs: {
      low: range[0]!,
      high: range[1]!,
      percentile: d.inputPercentile,
      signed,
      model: quantized ? (sign ? 'SignMagnitudeDAC' : 'QuantizerDAC') : 'IdealDAC',
      bits: quantized ? bits : 0,
      sliceSize: sliced ? (gated ? 1 : Math.max(d.sliceSize, 1)) : 0,
    },
    adc: {
      model: d.adc,
      bits: d.adc === 'IdealADC' ? 0 : d.adcBits,
      perInputBit,
      option: known ? option : 'CALIBRATED',
      limits: Array.from({ length: d.slices }, (_, k) => [limits[0]! / (k + 1), limits[1]! / (k + 1)]),
      gain: d.gain,
      split: d.split,
      symmetric: d.symmetric,
    },
    columnLimit: d.columnLimit,
    rowsMax: d.rowsMax,
    colsMax: d.colsMax,
    partition: d.partition,
    wires:
      d.wires === undefined
        ? undefined
        : {
            row: d.resistances[0]!,
            column: d.resistances[1]!,
            rowTerminal: d.resistances[2]!,
            columnTerminal: d.resistances[3]!,
            inputSourced: !gated,
            interleaved,
            selected: d.selected,
          },
    cubic: d.wires === undefined ? d.cubic : undefined,
  };
  return c;
}

const RMIN = 10_000;

function overridesOf(c: ReferenceCase, adcSigned: boolean): Record<string, unknown> {
  const circuit = ['RampADC', 'SarADC', 'PipelineADC', 'CyclicADC'].includes(c.adc.model);
  const limits = c.style === 'BITSLICED' ? c.adc.limits.slice(0, c.slices) : c.adc.limits[0];
  return {
    'core.style': c.style,
    'core.balanced.style': c.twoSided ? 'TWO_SIDED' : 'ONE_SIDED',
    'core.balanced.subtract_current_in_xbar': c.analogSubtraction,
    'core.balanced.interleaved_posneg': c.wires?.interleaved ?? false,
    'core.offset.style': c.unitColumn ? 'UNIT_COLUMN_SUBTRACTION' : 'DIGITAL_OFFSET',
    ...(c.style === 'BITSLICED'
      ? { 'core.bit_sliced.style': c.slicedStyle, 'core.bit_sliced.num_slices': c.slices }
      : { 'xbar.device.cell_bits': c.cellBits }),
    'core.weight_bits': c.weightBits,
    'core.mapping.weights.percentile': c.percentile,
    ...(c.g === 0
      ? { 'xbar.device.infinite_on_off_ratio': true }
      : { 'xbar.device.Rmin': RMIN, 'xbar.device.Rmax': RMIN / c.g }),
    'xbar.device.Rmin': RMIN,
    ...(c.inputs.percentile === undefined
      ? { 'core.mapping.inputs.mvm.min': c.inputs.low, 'core.mapping.inputs.mvm.max': c.inputs.high }
      : {
          'core.mapping.inputs.mvm.min': null,
          'core.mapping.inputs.mvm.max': null,
          'core.mapping.inputs.mvm.percentile': c.inputs.percentile,
        }),
    'xbar.dac.mvm.model': c.inputs.model,
    'xbar.dac.mvm.signed': c.inputs.signed,
    'xbar.dac.mvm.bits': c.inputs.bits,
    'xbar.dac.mvm.input_bitslicing': c.inputs.sliceSize > 0,
    'xbar.dac.mvm.slice_size': Math.max(c.inputs.sliceSize, 1),
    'xbar.adc.mvm.model': c.adc.model,
    'xbar.adc.mvm.bits': c.adc.bits,
    'xbar.adc.mvm.signed': c.adc.model === 'SignMagnitudeADC' || adcSigned,
    'xbar.adc.mvm.adc_per_ibit': c.adc.perInputBit,
    'xbar.adc.mvm.adc_range_option': c.adc.option,
    'xbar.adc.mvm.calibrated_range': limits,
    ...(circuit ? { 'xbar.adc.mvm.gain_db': c.adc.gain } : {}),
    ...(c.adc.model === 'SarADC' ? { 'xbar.adc.mvm.split_cdac': c.adc.split } : {}),
    ...(c.adc.model === 'RampADC' ? { 'xbar.adc.mvm.symmetric_cdac': c.adc.symmetric } : {}),
    'xbar.array.Icol_max': c.columnLimit,
    'core.rows_max': c.rowsMax,
    'core.cols_max': c.colsMax,
    ...(c.partition === 'MAX'
      ? {
          'core.mapping.weights.row_partition_strategy': 'MAX',
          'core.mapping.weights.col_partition_strategy': 'MAX',
        }
      : {}),
    ...(c.wires === undefined
      ? {}
      : {
          'xbar.array.parasitics.enable': true,
          'xbar.array.parasitics.Rp_row': c.wires.row * RMIN,
          'xbar.array.parasitics.Rp_col': c.wires.column * RMIN,
          'xbar.array.parasitics.Rp_row_terminal': c.wires.rowTerminal * RMIN,
          'xbar.array.parasitics.Rp_col_terminal': c.wires.columnTerminal * RMIN,
          'xbar.array.parasitics.current_from_input': c.wires.inputSourced,
          'xbar.array.parasitics.selected_rows': c.wires.selected,
        }),
    ...(c.cubic === undefined
      ? {}
      : {
          'xbar.device.nonlinear_IV.enable': true,
          'xbar.device.nonlinear_IV.model': 'CubicDevice',
          'xbar.device.Vread': c.cubic,
        }),
  };
}

function noise(seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const v = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (v - Math.floor(v)) - 1;
  });
}

test('crossbar() gives what the equations of CrossSim 3.2 give, whatever is combined', () => {
  let compared = 0;
  fc.assert(
    fc.property(draws, (d) => {
      const c = caseOf(d);
      const weights = Array.from({ length: 5 }, (_, o) => noise(d.seed + o, 7).map((v) => v ** 3));
      const shares = noise(d.seed + 99, 7);
      const top = c.inputs.high * 1.1;
      const x = shares.map((v) => (c.inputs.signed ? v * top : Math.max(v, 0) * top));
      x[0] = 0.8 * top;
      const overrides = overridesOf(c, d.adcSigned);
      const expected = referenceProduct(c, weights, x);
      // Ties may go either way by the order of a sum.
      if (expected.margin < 1e-7) return;
      const y = crossbar(weights, x, crossSimParameters(overrides));
      const largest = Math.max(...expected.y.map(Math.abs), 1e-3);
      compared += 1;
      y.forEach((v, o) => {
        const wanted = expected.y[o]!;
        const message = `${JSON.stringify(overrides)}\n${JSON.stringify([...y])}\n${JSON.stringify(expected.y)}`;
        expect(Math.abs(v - wanted), message).toBeLessThan(1e-9 * largest);
      });
    }),
    { numRuns: 800 },
  );
  expect(compared).toBeGreaterThan(400);
});

test('multiplyTransposed() is the same crossbars driven from their columns', () => {
  let compared = 0;
  fc.assert(
    fc.property(draws, (d) => {
      const c = caseOf({ ...d, wires: undefined, unitColumn: false });
      const weights = Array.from({ length: 5 }, (_, o) => noise(d.seed + o, 7).map((v) => v ** 3));
      const turned = Array.from({ length: 7 }, (_, i) => weights.map((row) => row[i]!));
      const top = c.inputs.high * 1.1;
      const x = noise(d.seed + 99, 5).map((v) => (c.inputs.signed ? v * top : Math.max(v, 0) * top));
      x[0] = 0.8 * top;
      const expected = referenceProduct({ ...c, rowsMax: c.colsMax, colsMax: c.rowsMax }, turned, x);
      if (expected.margin < 1e-7) return;
      const overrides = overridesOf(c, d.adcSigned);
      const y = programCrossbar(weights, crossSimParameters(overrides)).multiplyTransposed(x);
      const largest = Math.max(...expected.y.map(Math.abs), 1e-3);
      compared += 1;
      y.forEach((v, i) => {
        expect(Math.abs(v - expected.y[i]!), JSON.stringify(overrides)).toBeLessThan(1e-9 * largest);
      });
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(150);
});
