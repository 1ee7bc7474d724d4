import { describe, expect, test } from 'vitest';
import { crossbar, crossSimParameters, programCrossbar } from '../../../src/index.ts';

const weights = [
  [0.5, -0.25, 0.1],
  [-0.75, 1, 0.3],
];
const x = [0.2, 0.9, 0.4];
const unsigned = {
  'core.mapping.inputs.mvm.min': 0,
  'core.mapping.inputs.mvm.max': 1,
  'xbar.dac.mvm.signed': false,
};

describe('CrossSim parameters that change nothing here are taken', () => {
  const plain = crossbar(weights, x, crossSimParameters({}));
  test.each([
    ['simulation.disable_fast_balanced', true],
    ['simulation.disable_fast_matmul', true],
    ['simulation.Verr_matmul_criterion', 'max_mean'],
    ['simulation.analytics.profile_adc_inputs', true],
    ['core.complex_matrix', false],
    ['core.output_dtype', 'FLOAT64'],
    ['core.mapping.weights.clipping', true],
    ['core.mapping.weights.row_partition_priority', []],
    ['core.mapping.weights.col_partition_strategy', 'MAX'],
    ['core.mapping.inputs._match', true],
    ['xbar.adc.mvm.stochastic_rounding', false],
    ['xbar.device.clip_conductance', false],
    ['core.style', 1],
  ])('%s: %j', (name, value) => {
    expect(crossbar(weights, x, crossSimParameters({ [name]: value }))).toEqual(plain);
  });

  test('vmm where it repeats mvm', () => {
    const given = { 'xbar.dac.mvm.bits': 8, 'xbar.dac.vmm.bits': 8 };
    expect(crossbar(weights, x, crossSimParameters(given))).toEqual(plain);
  });
});

describe('what has no counterpart is refused with a cure', () => {
  test.each([
    [{ 'core.stile': 'OFFSET' }, 'core.stile', 'core.style'],
    [{ 'core.complex_matrix': true }, 'core.complex_matrix: true has no counterpart', 'false'],
    [{ 'xbar.adc.mvm.stochastic_rounding': true }, 'no counterpart', 'false'],
    [{ 'xbar.dac.mvm.bits': 8, 'xbar.dac.vmm.bits': 4 }, 'is not what xbar.dac.mvm.bits is', 'equal'],
    [{ 'core.style': 'BITSLICED' }, 'core.weight_bits: 0 bits cannot be sliced', 'give 8'],
    [
      { 'core.style': 'BITSLICED', 'core.weight_bits': 8, 'core.bit_sliced.num_slices': 0 },
      'num_slices: 0',
      'give 2',
    ],
    [
      {
        'core.mapping.weights.percentile': null,
        'core.mapping.weights.min': -1,
        'core.mapping.weights.max': 2,
      },
      'not symmetric',
      '±',
    ],
    [{ 'core.mapping.weights.min': -1, 'core.mapping.weights.max': 1 }, 'at once', 'null'],
    [
      { ...unsigned, 'xbar.dac.mvm.model': 'SignMagnitudeDAC', 'xbar.dac.mvm.bits': 8 },
      'sign and magnitude are signed',
      'QuantizerDAC',
    ],
    [
      {
        'xbar.adc.mvm.model': 'SignMagnitudeADC',
        'xbar.adc.mvm.bits': 4,
        'xbar.adc.mvm.calibrated_range': [-1, 2],
      },
      'not symmetric about 0',
      'QuantizerADC',
    ],
    [
      { 'xbar.adc.mvm.model': 'QuantizerADC', 'xbar.adc.mvm.bits': 4 },
      'missing for CALIBRATED',
      '[low, high]',
    ],
  ])('%j', (overrides, problem, cure) => {
    expect(() => crossSimParameters(overrides)).toThrow(problem);
    expect(() => crossSimParameters(overrides)).toThrow(cure);
  });
});

test('a weight range of one’s own is what the largest conductance stands for', () => {
  const range = {
    'core.mapping.weights.percentile': null,
    'core.mapping.weights.min': -2,
    'core.mapping.weights.max': 2,
    'xbar.device.infinite_on_off_ratio': true,
  };
  const programmed = programCrossbar(weights, crossSimParameters(range));
  expect(programmed.weightRange).toBe(2);
  expect(programmed.conductances[0]!.positive[0]).toBe(0.25);
});

test('the range MAX of sums that cannot be negative starts at 0, whatever the converter calls signed', () => {
  const offset = {
    ...unsigned,
    'core.style': 'OFFSET',
    'xbar.device.infinite_on_off_ratio': true,
    'xbar.adc.mvm.model': 'QuantizerADC',
    'xbar.adc.mvm.bits': 2,
    'xbar.adc.mvm.adc_range_option': 'MAX',
  };
  const outputs = [true, false].map((signed) =>
    crossbar(weights, x, crossSimParameters({ ...offset, 'xbar.adc.mvm.signed': signed })),
  );
  expect(outputs[0]).toEqual(outputs[1]);
  // Four codes over 0 … 3 are 0, 1, 2 and 3: the sums 0.75 · 0.2 + 0.375 · 0.9 + 0.55 · 0.4 = 0.7075 and
  // 0.125 · 0.2 + 1 · 0.9 + 0.65 · 0.4 = 1.185 are both 1, of which half of Σ x = 1.5 is taken off, in units of 2.
  for (const y of outputs[0]!) expect(y).toBeCloseTo(2 * (1 - 0.75), 12);
});

test('circuits span both signs and clip to the range given', () => {
  const ramp = {
    ...unsigned,
    'xbar.device.infinite_on_off_ratio': true,
    'xbar.adc.mvm.model': 'RampADC',
    'xbar.adc.mvm.bits': 3,
    'xbar.adc.mvm.gain_db': 200,
    'xbar.adc.mvm.calibrated_range': [-0.3, 2],
  };
  // Sums of −1.5 and 0.6: clipped to −0.3, then the nearest of ±0.25, ±0.75, ±1.25, ±1.75.
  const y = crossbar(
    [
      [-1, -1, 0.5],
      [1, 0, -0.8],
    ],
    [1, 0.5, 0.5],
    crossSimParameters(ramp),
  );
  expect(y[0]).toBeCloseTo(-0.25, 6);
  expect(y[1]).toBeCloseTo(0.75, 6);
});

test('inputs of a range that follows the call: below 1 a percentile at both tails', () => {
  const follow = {
    'core.mapping.inputs.mvm.min': null,
    'core.mapping.inputs.mvm.max': null,
    'core.mapping.inputs.mvm.percentile': 0.75,
    'xbar.dac.mvm.model': 'QuantizerDAC',
    'xbar.dac.mvm.bits': 16,
  };
  // 75 % of [−0.2, 0.4, 1] lies at 0.7, 25 % at 0.1: the input of 1 is clipped to 0.7.
  const y = crossbar([[0, 0, 1]], [-0.2, 0.4, 1], crossSimParameters(follow));
  expect(y[0]).toBeCloseTo(0.7, 4);
});

test('current-voltage law of RRAM: I = G V + a V² + b V³, a and b polynomials of log₁₀ G', () => {
  const rram = {
    ...unsigned,
    'xbar.device.infinite_on_off_ratio': true,
    'xbar.device.Rmin': 10_000,
    'xbar.device.nonlinear_IV.enable': true,
    'xbar.device.nonlinear_IV.model': 'RRAMMilo',
    'xbar.device.Vread': 0.4,
  };
  const y = crossbar([[1, 0.6]], [0.5, 1], crossSimParameters(rram));
  const current = (G: number, V: number) => {
    const g = Math.log10(G);
    const a = 1.388e-4 * g ** 3 + 1.541e-3 * g ** 2 + 5.711e-3 * g + 7.063e-3;
    const b = 8.871e-5 * g ** 2 + 6.7919e-4 * g + 1.2968e-3;
    return G * V + a * V ** 2 + b * V ** 3;
  };
  const expected = (current(1e-4, 0.2) + current(0.6e-4, 0.4)) / (1e-4 * 0.4);
  expect(Math.abs(y[0]! / expected - 1)).toBeLessThan(1e-12);
});
