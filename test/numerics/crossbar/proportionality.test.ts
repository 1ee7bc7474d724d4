import { expect, test } from 'vitest';
import { fillNormals, fillUniforms } from '../../../src/base/philox.ts';
import { programCrossbar } from '../../../src/numerics/crossbar/crossbar.ts';
import type { CrossbarParameters } from '../../../src/numerics/crossbar/parameters.ts';

// An independent evaluation of what Xiao et al. 2022 say of proportionality: 1152 rows of Laplacian weights, half-normal
// inputs, root mean square of the error over that of the outputs. Its largest weight is 13.6 times the mean
// magnitude, which its ratio of 9.58 tells (the largest of 1152 × 500 Laplacian numbers is 13.8 on average).
const ROWS = 1152;
const COLUMNS = 1500;
const LARGEST = 13.6;

const data = new Float64Array(ROWS * COLUMNS);
fillUniforms(data, { seed: 11, stream: 0, row: 0, block: 0, read: 0 });
data.forEach((u, i) => {
  const x = -Math.sign(u - 0.5) * Math.log(1 - 2 * Math.abs(u - 0.5));
  data[i] = Math.max(Math.min(x, LARGEST), -LARGEST);
});
data[0] = LARGEST;
const weights = { data, shape: [COLUMNS, ROWS] as const };

const inputs = Array.from({ length: 8 }, (_, i) => {
  const normals = new Float32Array(ROWS);
  fillNormals(normals, { seed: 12, stream: 0, row: i, block: 0, read: 0 });
  return Array.from(normals, Math.abs);
});
const drivers = { low: -6, high: 6 };
const ideal = programCrossbar(weights, { inputs: drivers });
const outputs = inputs.map((x) => ideal.multiply(x));

function relativeError(law: string, onOffRatio?: number, parameters: CrossbarParameters = {}): number {
  const cell = {
    program: { type: 'normal', law, sigma: 0.01 },
    ...(onOffRatio === undefined ? {} : { onOffRatio }),
  };
  const real = programCrossbar(weights, { ...parameters, cell, inputs: drivers }, { seed: 3 });
  let error = 0;
  let signal = 0;
  inputs.forEach((x, i) => {
    real.multiply(x).forEach((value, column) => {
      error += (value - outputs[i]![column]!) ** 2;
      signal += outputs[i]![column]! ** 2;
    });
  });
  return Math.sqrt(error / signal);
}

const offset: CrossbarParameters = { encoding: { scheme: 'offset' } };

// The table leaves errors below zero unclipped; cells that are off at 1/20 of the largest conductance, five deviations
// above zero, do the same, and cost that share of the range.
test.each([
  ['independent, pairs', () => relativeError('independent', 20) * (1 - 1 / 20), 0.14],
  ['independent, offset', () => relativeError('independent', undefined, offset), 0.192],
  ['proportional, pairs', () => relativeError('proportional'), 0.0101],
  ['proportional, offset', () => relativeError('proportional', undefined, offset), 0.096],
  ['independent, pairs, on/off 10', () => relativeError('independent', 10), 0.154],
  ['proportional, pairs, on/off 10', () => relativeError('proportional', 10), 0.0219],
] as const)('1 %% error, %s: within 3 %% of the table', (_, measured, expected) => {
  expect(Math.abs(measured() / expected - 1)).toBeLessThan(0.03);
});

test('pairs whose off cells cannot fall below zero err less: half of the cells lose half of their noise', () => {
  // Of a pair one cell errs by σ, the other by the clipped normal max(σ z, 0): second moment σ² / 2, mean 0.399 σ
  // towards the other sign, which the many signs of the weights average away.
  const clipped = relativeError('independent') / (relativeError('independent', 20) * (1 - 1 / 20));
  const small = data.reduce((sum, w) => sum + (Math.abs(w) < LARGEST * 0.03 ? 1 : 0), 0) / data.length;
  // Small weights' own cells are clipped now and then as well, which lies between the two bounds.
  expect(clipped).toBeGreaterThan(Math.sqrt(1.5 / 2) * (1 - 0.5 * small));
  expect(clipped).toBeLessThan(Math.sqrt(1.5 / 2) * 1.03);
});
