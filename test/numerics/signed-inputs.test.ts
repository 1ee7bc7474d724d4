import { describe, expect, test } from 'vitest';
import { ivModels } from '../../src/hardware/iv/index.ts';
import { simulateLogits } from '../../src/numerics/accuracy.ts';
import { gatedCurrents } from '../../src/numerics/ir-drop/gated.ts';
import { layerWeights } from '../../src/numerics/layer-weights.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';
import { type InputStep, inputSteps } from './input-steps.ts';
import { allAnalog, NetworkDraft, sampleImages } from './sample-networks.ts';

const ROWS = 24;
const COLUMNS = 3;
const IMAGES = 4;
const HOW = ['signMagnitude', 'twosComplement', 'positiveThenNegative'] as const;
const UNIPOLAR = ['twosComplement', 'positiveThenNegative'] as const;
const ideal = { type: 'ideal', sampleRate: 1e9, energy: 0, area: 0, leakage: 0 } as never;

/** Weight of a row and a column of the one layer, as a code. */
type CodeOf = (row: number, column: number) => number;

/** One dense layer of signed inputs: its outputs in steps of the integer product, and what a naive reference needs. */
async function dense(changes: SpecChanges, bias = false) {
  const net = new NetworkDraft([1, ROWS]);
  const weights = net.constant([ROWS, COLUMNS]);
  net.add('matmul', bias ? [-1, weights, net.constant([COLUMNS])] : [-1, weights]);
  const lowered = net.lower(true);
  const spec = testSpec(changes);
  const images = sampleImages(lowered, IMAGES);
  const logits = await simulateLogits({
    ...{
      lowered,
      spec,
      partition: allAnalog(lowered),
      images,
      calibration: images,
      seed: 3,
      collapse: false,
    },
  });
  const { analog: grid } = logits.calibration.grids[0]!;
  const { codes, scales } = layerWeights(lowered, spec, 0, 'analog');
  const code: CodeOf = (row, column) => codes[column * ROWS + row]!;
  const inputs = Array.from({ length: IMAGES }, (_, image) =>
    Array.from(images.subarray(image * ROWS, (image + 1) * ROWS), (x) => Math.round(x / grid.scale)),
  );
  const found = Array.from(logits.partition, (value, i) => value / scales[i % COLUMNS]! / grid.scale);
  return { partition: logits.partition, found, inputs, code, steps: inputSteps(spec.encoding, true) };
}

/** Σ over the steps of weight · current, for every image and column. */
function bySteps(
  { inputs, steps }: { inputs: readonly number[][]; steps: readonly InputStep[] },
  current: (digits: readonly number[], column: number) => number,
): readonly number[] {
  return inputs.flatMap((codes) =>
    Array.from({ length: COLUMNS }, (_, column) =>
      steps.reduce((sum, { weight, digit }) => sum + weight * current(codes.map(digit), column), 0),
    ),
  );
}

/** As close as float32 products of 24 rows are. */
function expectClose(found: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * scale));
}

describe('how signed inputs are sent does not matter where nothing errs', () => {
  const ways: readonly NonNullable<SpecChanges['encoding']>[] = [
    { subtraction: 'digital', weightSlices: 2 },
    { scheme: 'offset', offsetRemoval: 'unitColumn' },
    { biasRows: 2 },
    { scheme: 'offset', biasRows: 1, inputSliceBits: 2, inputBits: 6 },
    { inputBits: 16, inputSliceBits: 8 },
    { inputBits: 16, scheme: 'offset' },
  ];
  test.each(ways)('%o', async (encoding) => {
    for (const adc of [sarAdc(21), ideal]) {
      const all = await Promise.all(
        HOW.map((signedInputs) =>
          dense({ encoding: { ...encoding, signedInputs }, adcBank: { adc, range: 'max' } }, true),
        ),
      );
      for (const { partition } of all) {
        if (adc === ideal) expectClose([...partition], [...all[0]!.partition]);
        else expect(partition).toEqual(all[0]!.partition);
      }
    }
  });
});

describe.each(HOW)('signed inputs as %s, against currents summed step by step', (signedInputs) => {
  const adcs = { fine: sarAdc(20), ideal };

  test.each(Object.keys(adcs) as (keyof typeof adcs)[])('drivers that bend, %s converters', async (adc) => {
    const inl = 0.03;
    const layer = await dense({
      ...{ dac: { inl }, encoding: { signedInputs, inputSliceBits: 2 } },
      adcBank: { adc: adcs[adc], range: 'max' },
    });
    // A digit of up to 3 is x of the range; the parabola goes through both ends.
    const bent = (digit: number) => {
      const x = Math.abs(digit) / 3;
      return Math.sign(digit) * 3 * (x + 4 * inl * x * (1 - x));
    };
    const expected = bySteps(layer, (digits, column) =>
      digits.reduce((sum, digit, row) => sum + bent(digit) * layer.code(row, column), 0),
    );
    // A conversion rounds to half a step of less than 2^-18 of the largest sum, 24 · 3 · 127, at every place.
    const rounding =
      ((24 * 3 * 127) / 2 ** 18) * layer.steps.reduce((sum, step) => sum + Math.abs(step.weight), 0);
    layer.found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(adc === 'fine' ? rounding : 0.1);
    });
    const straight = bySteps(layer, (digits, column) =>
      digits.reduce((sum, digit, row) => sum + digit * layer.code(row, column), 0),
    );
    expect(Math.abs(layer.found[0]! - straight[0]!)).toBeGreaterThan(2 * rounding);
  });

  test('gated cells on bit lines of resistance', async () => {
    const layer = await dense({
      crossbar: {
        rows: ROWS,
        wires: {
          ...{ topology: 'gated', pairs: 'separate', rowResistance: 0, columnResistance: 40 },
          ...{ rowTerminal: 0, columnTerminal: 100 },
        } as never,
      },
      cell: { maxConductance: 25e-6 },
      ...{ encoding: { signedInputs }, adcBank: { adc: ideal } },
    });
    const lines = { row: 0, column: 40 * 25e-6, rowTerminal: 0, columnTerminal: 100 * 25e-6 };
    const cells = (column: number, sign: number) =>
      Float64Array.from({ length: ROWS }, (_, row) => Math.max(sign * layer.code(row, column), 0) / 127);
    const expected = bySteps(layer, (digits, column) => {
      const open = Float64Array.from(digits);
      const current = (sign: number) =>
        gatedCurrents(cells(column, sign), ROWS, 1, open, lines, new Float64Array(1))[0]!;
      return 127 * (current(1) - current(-1));
    });
    expectClose(layer.found, expected);
  });
});

describe('cells whose current is not odd', () => {
  const iv = { type: 'rram', readVoltage: 0.5, maxConductance: 225e-6 };
  const cells: SpecChanges = { cell: { onOffRatio: 4.5, iv } as never, adcBank: { adc: ideal } };

  test('cannot take inputs of both polarities', async () => {
    await expect(dense(cells)).rejects.toThrow(/not odd.*set encoding.signedInputs: twosComplement/s);
  });

  test.each(UNIPOLAR)('take them as %s', async (signedInputs) => {
    const layer = await dense({ ...cells, encoding: { signedInputs } });
    const { current } = ivModels.get('rram').curve(iv as never);
    const g = (level: number) => 1 / 4.5 + ((1 - 1 / 4.5) * Math.max(level, 0)) / 127;
    const expected = bySteps(layer, (digits, column) =>
      digits.reduce((sum, digit, row) => {
        const code = layer.code(row, column);
        return sum + (digit * 127 * (current(g(code), 1) - current(g(-code), 1))) / (1 - 1 / 4.5);
      }, 0),
    );
    expectClose(layer.found, expected);
  });
});

test('converters spend no code on sums that cannot be negative', async () => {
  // Offset cells of 8 bits, one-bit inputs of one polarity: at most 24 · 255 in 2^10 − 1 steps, of both in 2^9 − 1.
  const ranges = async (signedInputs: (typeof HOW)[number]) => {
    const net = new NetworkDraft([1, ROWS]);
    net.dense(-1, COLUMNS);
    const lowered = net.lower(true);
    const images = sampleImages(lowered, IMAGES);
    const spec = testSpec({
      ...{ encoding: { scheme: 'offset', signedInputs }, adcBank: { adc: sarAdc(10), range: 'max' } },
    });
    const partition = allAnalog(lowered);
    const { calibration } = await simulateLogits({
      ...{ lowered, spec, partition, images, calibration: images, seed: 3 },
    });
    return calibration.ranges[0]![0]!;
  };
  expect(await ranges('signMagnitude')).toMatchObject({ low: -511, high: 511 });
  for (const signedInputs of UNIPOLAR) {
    const range = await ranges(signedInputs);
    expect(range).toMatchObject({ low: 0, high: 1023 });
    expect(range.lsb).toBeCloseTo((24 * 255) / 1023, 5);
  }
});
