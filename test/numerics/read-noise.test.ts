import { describe, expect, test } from 'vitest';
import { fillNormals, fillUniforms } from '../../src/base/philox.ts';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { simulateLogits } from '../../src/numerics/accuracy.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';
import { inputSteps } from './input-steps.ts';
import { allAnalog, NetworkDraft, sampleImages } from './sample-networks.ts';

type SpecAdc = NonNullable<ReturnType<typeof testSpec>['analogCore']>['adcBank']['adc'];

const ROWS = 72;
const COLUMNS = 9;
const BLOCKS = 3;
const READS = 4000;

/** One dense layer, the same input every time: what differs between images is read noise alone. */
async function reads(changes: SpecChanges, signed: boolean, adc: SpecAdc = sarAdc(20)) {
  const net = new NetworkDraft([1, ROWS]);
  net.dense(-1, COLUMNS);
  const lowered = net.lower(signed);
  const image = sampleImages(lowered, 1);
  const images = new Float32Array(READS * ROWS);
  for (let i = 0; i < READS; i++) images.set(image, i * ROWS);
  const spec = testSpec({ crossbar: { rows: ROWS / BLOCKS }, ...changes, adcBank: { range: 'max' } });
  const fine = {
    ...spec,
    analogCore: { ...spec.analogCore!, adcBank: { ...spec.analogCore!.adcBank, adc } },
  };
  const partition = allAnalog(lowered);
  const logits = await simulateLogits({
    lowered,
    spec: fine,
    partition,
    images,
    calibration: image,
    seed: 5,
  });
  return { lowered, spec: fine, image, logits };
}

const encodings: readonly SpecChanges['encoding'][] = [
  {},
  { weightSlices: 2 },
  { scheme: 'offset', weightSlices: 2 },
  { inputSliceBits: 2 },
  { inputSliceBits: 4, scheme: 'offset' },
];
const otherSigns: readonly SpecChanges['encoding'][] = [
  { signedInputs: 'twosComplement' },
  { signedInputs: 'twosComplement', inputSliceBits: 3, scheme: 'offset' },
  { signedInputs: 'positiveThenNegative' },
  { signedInputs: 'positiveThenNegative', inputSliceBits: 2 },
];
const noises: readonly NonNullable<SpecChanges['cell']>[] = [
  { read: { type: 'normal', law: 'independent', sigma: 0.03 } },
  { read: { type: 'normal', law: 'proportional', sigma: 0.25 }, onOffRatio: 10 },
  { read: { type: 'uniform', law: 'independent', sigma: 0.04 } },
];
const converters = { fine: sarAdc(20), ideal: { type: 'ideal', sampleRate: 1e9 } };
const cases = (['fine', 'ideal'] as const).flatMap((converter) => [
  ...[...encodings, ...(converter === 'ideal' ? [{ inputSliceBits: 8 }] : [])].flatMap((encoding) =>
    noises.flatMap((cell) =>
      [false, true].map((signed) => ({ converter, encoding: encoding!, cell, signed })),
    ),
  ),
  // Unsigned inputs are sent the same way whatever signed ones are.
  ...otherSigns.map((encoding) => ({ converter, encoding: encoding!, cell: noises[1]!, signed: true })),
]);

describe('one noise for all cells of a bit line', () => {
  test.each(cases)(
    '$converter converters, $encoding $cell signed $signed: mean and variance of cell-by-cell noise',
    async (choice) => {
      const { converter, encoding, cell, signed } = choice;
      const { lowered, spec, image, logits } = await reads({ encoding, cell }, signed, converters[converter]);
      const lowering = lowered.lowerings[0]!;
      if (lowering.kind !== 'mvm') throw new Error('no MVM');
      const { analog: grid } = logits.calibration.grids[0]!;
      const gMin = cell.onOffRatio === undefined ? 0 : 1 / cell.onOffRatio;
      const error = deviceModels.get(cell.read!.type).error(cell.read as never);
      const differential = spec.encoding.scheme === 'differential';
      const { weightBits } = spec.encoding;
      const magnitudeBits = differential ? weightBits - 1 : weightBits;
      const sliceBits = Math.ceil(magnitudeBits / spec.encoding.weightSlices);
      const x = Array.from(image, (value) =>
        Math.max(grid.low, Math.min(Math.round(value / grid.scale), grid.high)),
      );

      for (let column = 0; column < COLUMNS; column += 4) {
        const weights = lowering.weights.subarray(column * ROWS, (column + 1) * ROWS);
        const scale = Math.max(...weights.map(Math.abs)) / 127;
        let mean = 0;
        let variance = 0;
        for (let shift = 0; shift < magnitudeBits; shift += sliceBits) {
          const levels = 2 ** Math.min(sliceBits, magnitudeBits - shift) - 1;
          const unit = levels / (1 - gMin);
          for (const step of inputSteps(spec.encoding, signed)) {
            const place = 2 ** shift * step.weight;
            // The highest slice of turns is 0 for all codes: nothing to round.
            if (!x.some((code) => step.digit(code) !== 0)) continue;
            // Rounding to whole levels adds a twelfth, the integers being the finest step there is.
            if (converter === 'fine') variance += (BLOCKS * place ** 2) / 12;
            for (let row = 0; row < ROWS; row++) {
              const code = Math.round(weights[row]! / scale);
              const digit = step.digit(x[row]!);
              for (const sign of differential ? [1, -1] : [1]) {
                const stored = differential ? Math.max(sign * code, 0) : code + 2 ** (weightBits - 1);
                const g = gMin + ((1 - gMin) * (Math.floor(stored / 2 ** shift) % (levels + 1))) / levels;
                const moments = sampledMoments(error.law === 'uniform', g, error.sigma(g));
                mean += place * digit * sign * unit * moments.mean;
                variance += (place * digit * unit) ** 2 * moments.variance;
              }
              if (!differential) mean -= place * digit * gMin * unit;
            }
          }
        }
        if (!differential) mean -= 2 ** (weightBits - 1) * x.reduce((a, b) => a + b, 0);
        const step = scale * grid.scale;
        const bias = lowering.bias![column]!;
        const seen = Array.from(
          { length: READS },
          (_, i) => (logits.partition[i * COLUMNS + column]! - bias) / step,
        );
        const seenMean = seen.reduce((a, b) => a + b, 0) / READS;
        const seenVariance = seen.reduce((a, b) => a + (b - seenMean) ** 2, 0) / (READS - 1);
        // 5 standard errors, and what the moments of a cell, sampled 20,000 times, may be off.
        expect(Math.abs(seenMean - mean)).toBeLessThan(
          5 * Math.sqrt(variance / READS) + 0.002 * Math.sqrt(variance * ROWS),
        );
        expect(Math.abs(seenVariance / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / READS) + 0.02);
      }
    },
  );
});

test('bit lines of different groups of a grouped convolution have noise of their own', async () => {
  const net = new NetworkDraft([1, 20, 1, 1]);
  net.conv(-1, 20, 1, { group: 20 });
  const lowered = net.lower(false);
  const images = new Float32Array(READS * 20).fill(1);
  const spec = testSpec({ cell: { read: { type: 'normal', law: 'proportional', sigma: 0.2 } } });
  const partition = allAnalog(lowered);
  const calibration = images.slice(0, 20);
  const { partition: logits } = await simulateLogits({
    lowered,
    spec,
    partition,
    images,
    calibration,
    seed: 5,
  });
  const deviates = Array.from({ length: 20 }, (_, channel) => {
    const values = Array.from({ length: READS }, (_, image) => logits[image * 20 + channel]!);
    const mean = values.reduce((a, b) => a + b, 0) / READS;
    const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / READS);
    return values.map((value) => (value - mean) / spread);
  });
  for (let a = 0; a < 20; a++) {
    for (let b = 0; b < a; b++) {
      const correlation =
        deviates[a]!.reduce((sum, value, image) => sum + value * deviates[b]![image]!, 0) / READS;
      expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(READS));
    }
  }
});

const SAMPLES = 20_000;
const known = new Map<string, { mean: number; variance: number }>();

/** Mean and variance of max(g + noise, 0) by sampling the cell. */
function sampledMoments(uniform: boolean, g: number, sigma: number): { mean: number; variance: number } {
  const key = [uniform, g, sigma].join();
  const found = known.get(key);
  if (found !== undefined) return found;
  const place = { seed: 99, stream: 0, row: 0, block: 0, read: 0 };
  const draws = uniform ? new Float64Array(SAMPLES) : new Float32Array(SAMPLES);
  if (draws instanceof Float64Array) fillUniforms(draws, place);
  else fillNormals(draws, place);
  let sum = 0;
  let squares = 0;
  for (const draw of draws) {
    const deviate = uniform ? (draw - 0.5) * Math.sqrt(12) : draw;
    // Both signs: a mean that is off would be off for all cells alike, and add up along the bit line.
    for (const value of [Math.max(0, g + sigma * deviate), Math.max(0, g - sigma * deviate)]) {
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / (2 * SAMPLES);
  const moments = { mean, variance: squares / (2 * SAMPLES) - mean * mean };
  known.set(key, moments);
  return moments;
}
