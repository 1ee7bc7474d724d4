import { beforeAll, describe, expect, test } from 'vitest';
import { fillNormals } from '../../src/base/philox.ts';
import { loadUnits } from '../../src/base/quantity.ts';
import type { CellError } from '../../src/hardware/device/device.ts';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { ivModels } from '../../src/hardware/iv/index.ts';
import { cellPhysics, programCells, readMoments } from '../../src/numerics/cells.ts';
import { testSpec } from '../specs.ts';

beforeAll(loadUnits);

const CELLS = 100_000;
/** Both limits of 99 % intervals of a family of a hundred comparisons (Bonferroni). */
const Z = 3.9;

interface Parameters {
  readonly type: string;
  readonly [key: string]: unknown;
}

function errorOf(written: Parameters): CellError {
  const model = deviceModels.get(written.type);
  return model.error(model.schema.parse(written) as never);
}

function deviates(seed: number): Float32Array {
  const normals = new Float32Array(CELLS);
  fillNormals(normals, { seed, stream: 0, row: 0, block: 0, read: 0 });
  return normals;
}

function momentsOf(values: ArrayLike<number>) {
  const all = Array.from(values);
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const central = (power: number) => all.reduce((sum, x) => sum + (x - mean) ** power, 0) / all.length;
  const variance = central(2);
  return { mean, variance, kurtosis: central(4) / variance ** 2 };
}

/** Mean and variance within their intervals; the variance's follows from the kurtosis of the sample. */
function expectMoments(values: ArrayLike<number>, expected: { mean: number; variance: number }): void {
  const { mean, variance, kurtosis } = momentsOf(values);
  expect(Math.abs(mean - expected.mean)).toBeLessThan(Z * Math.sqrt(expected.variance / CELLS));
  expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(Z * Math.sqrt((kurtosis - 1) / CELLS));
}

const programming: Parameters[] = [
  ...['normal', 'uniform'].flatMap((type) =>
    ['independent', 'proportional', 'inverse'].map((law) => ({
      type,
      law,
      sigma: law === 'inverse' ? 0.02 : 0.1,
    })),
  ),
  ...['pcm', 'pcmProgram', 'rram', 'rramWan', 'sonos'].map((type) => ({ type })),
  { type: 'sonosDrift', after: '60 h' },
  { type: 'pcmJoshiDrift', after: '1 h' },
];

describe.each(programming.map((written) => [Object.values(written).join(' '), written] as const))(
  '%s: 100,000 cells',
  (_, written) => {
    test.each([0.02, 0.1, 0.5, 1])('have its moments, clipped at 0, at conductance %d', (wanted) => {
      const { type, ...parameters } = written;
      const program = deviceModels.get(type).schema.parse({ type, ...parameters }) as Parameters;
      const g = new Float64Array(CELLS).fill(wanted);
      const address = { seed: 3, chip: 0, layer: 0, column: 0, plane: 0 };
      programCells(cellPhysics(testSpec({ cell: { program } }).analogCore!.cell), g, address);
      const expected = { mean: 0, variance: 0 };
      readMoments(errorOf(written), wanted, expected);
      expectMoments(g, expected);
    });
  },
);

describe('PCM of Joshi with age', () => {
  // Step by step as the source tells it: decay from 20 s, an error at 27.36 s, decay, another at 55.39 s, decay.
  test.each([60, 3600, 86_400 * 30])('its mean and spread are those of its steps, after %d s', (after) => {
    const error = errorOf({ type: 'pcmJoshiDrift', after: `${after} s` });
    const [first, second, third] = [1, 2, 3].map(deviates);
    for (const level of [1, 8, 25]) {
      const mu = Math.max(-0.0045 * level + 0.08, Math.min(0.06, Math.max(-0.00169 * level + 0.0825, 0.055)));
      const spread = 1 / (8 * level + 30.032);
      const programmed = Math.max(-0.00178767 * level ** 2 + 0.07585724 * level + 0.28638599, 0);
      const half = level * Math.exp(-mu * Math.log(55.39 / 20) + 0.5 * (spread * Math.log(55.39 / 20)) ** 2);
      const read = 1.904e-4 * half ** 3 - 7.29e-3 * half ** 2 + 0.1004 * half + 0.1923;
      const obtained = Float64Array.from({ length: CELLS }, (_, i) => {
        const nu = mu + spread * first![i]!;
        const at27 = level * (27.36 / 20) ** -nu + programmed * second![i]!;
        const at55 = at27 * (55.39 / 27.36) ** -nu + read * third![i]!;
        return at55 * (after / 55.39) ** -nu;
      });
      const g = level / 25;
      expectMoments(obtained, {
        mean: (g + error.mean!(g)) * 25,
        variance: (error.sigma(g) * 25) ** 2,
      });
    }
  });
});

describe('PCM of the analog hardware kit with age', () => {
  const after = 86_400;
  const error = () => errorOf({ type: 'pcmDrift', after: `${after} s` });

  test.each([0.3, 0.6, 1])('exponents of drift are normal, as the law says, at conductance %d', (g) => {
    const { sample, mean, sigma } = error();
    const obtained = Float64Array.from(deviates(4), (z) => sample!(g, z));
    const exponents = obtained.map((value) => -Math.log(value / g) / Math.log(after / 20));
    const mu = Math.min(Math.max(-0.0155 * Math.log(g) + 0.0244, 0.049), 0.1);
    const spread = Math.min(Math.max(-0.0125 * Math.log(g) - 0.0059, 0.008), 0.045);
    expectMoments(exponents, { mean: mu, variance: spread ** 2 });
    expectMoments(obtained, { mean: g + mean!(g), variance: sigma(g) ** 2 });
  });

  test('no cell grows, and 0 stays 0', () => {
    const { sample } = error();
    expect(sample!(0.01, -6)).toBe(0.01);
    expect(sample!(0, 1)).toBe(0);
  });

  test('nothing has drifted 20 s after programming', () => {
    const { sample, sigma } = errorOf({ type: 'pcmDrift', after: '20 s' });
    expect(sample!(0.4, 1.3)).toBeCloseTo(0.4, 15);
    expect(sigma(0.4)).toBe(0);
  });

  // σ = g Q √ln((t + t_r) / 2 t_r): by hand at g = 1 after 1 day, 250 ns.
  test('read noise grows with the logarithm of time', () => {
    const { sigma } = errorOf({ type: 'pcmRead', after: '1 day' });
    expect(sigma(1)).toBeCloseTo(0.0088 * Math.sqrt(Math.log((86_400 + 250e-9) / 500e-9)), 12);
    expect(sigma(0.001)).toBeCloseTo(0.001 * 0.2 * Math.sqrt(Math.log((86_400 + 250e-9) / 500e-9)), 12);
    expect(errorOf({ type: 'pcmRead', after: 0 }).sigma(1)).toBe(0);
  });
});

describe('what was not measured is refused', () => {
  test.each([
    [{ type: 'sonosDrift', after: '6 days' }, 'after'],
    [{ type: 'sonosDrift', after: '1 day', maxCurrent: '2 uA' }, 'maxCurrent'],
    [{ type: 'sonos', maxCurrent: '3.3 uA' }, 'maxCurrent'],
    [{ type: 'pcm', maxConductance: '26 uS' }, 'maxConductance'],
    [{ type: 'pcmJoshiDrift', after: '50 s' }, 'after'],
    [{ type: 'pcmDrift', after: '10 s' }, 'after'],
    [{ type: 'rram', maxConductance: '230 uS' }, 'maxConductance'],
    [{ type: 'rramWan', maxConductance: '40 uS' }, 'maxConductance'],
    [{ type: 'normal', sigma: -0.1 }, 'sigma'],
    [{ type: 'normal', sigma: Number.NaN }, 'sigma'],
  ] as [Parameters, string][])('%j', (written, key) => {
    const result = deviceModels.get(written.type).schema.safeParse(written);
    expect(result.error?.issues[0]?.path).toEqual([key]);
  });

  test('a table that was not read has no errors to tell', () => {
    expect(() => errorOf({ type: 'table', file: 'mine.csv' })).toThrow(
      'the table of cells mine.csv has not been read',
    );
  });
});

describe('current-voltage laws', () => {
  test('cubic: in volt', () => {
    const { current } = ivModels.get('cubic').curve({ type: 'cubic', readVoltage: 0.8 } as never);
    for (const v of [-1, 0.3, 1]) {
      const volt = 0.8 * v;
      expect(current(0.6, v)).toBeCloseTo((0.6 * (volt - 0.25 * volt ** 3)) / 0.8, 14);
    }
  });

  // By hand: G = 100 uS, V = 0.5 V, log₁₀ G = −4.
  test('RRAM: quadratic and cubic terms at 100 uS', () => {
    const { current } = ivModels
      .get('rram')
      .curve({ type: 'rram', readVoltage: 0.5, maxConductance: 200e-6 } as never);
    const square = 1.388e-4 * -64 + 1.541e-3 * 16 + 5.711e-3 * -4 + 7.063e-3;
    const cube = 8.871e-5 * 16 + 6.7919e-4 * -4 + 1.2968e-3;
    const ampere = 100e-6 * 0.5 + square * 0.25 + cube * 0.125;
    expect(current(0.5, 1)).toBeCloseTo(ampere / (200e-6 * 0.5), 10);
    expect(current(0, 1)).toBe(0);
  });
});
