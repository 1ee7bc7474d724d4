import { describe, expect, test } from 'vitest';
import { programCrossbar } from '../../../src/numerics/crossbar/crossbar.ts';

// What cells with errors of their own add up to, cell by cell, against closed forms: mean, variance and fourth cumulant of
// max(g + σ z, 0), integrated numerically here, and their sums over the independent cells of a bit line.
const ROWS = 96;
const SIGMA = 0.04;
const READS = 4000;

interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** Fourth cumulant. */
  readonly fourth: number;
}

function clipped(g: number, law: 'normal' | 'uniform'): Moments {
  const steps = 20_000;
  const bound = law === 'normal' ? 8 : Math.sqrt(3);
  const density = (z: number) => {
    return law === 'normal' ? Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) : 1 / (2 * Math.sqrt(3));
  };
  const moment = (f: (x: number) => number) => {
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      const z = -bound + ((i + 0.5) * 2 * bound) / steps;
      sum += f(Math.max(g + SIGMA * z, 0)) * density(z);
    }
    return (sum * 2 * bound) / steps;
  };
  const mean = moment((x) => x);
  const variance = moment((x) => (x - mean) ** 2);
  return { mean, variance, fourth: moment((x) => (x - mean) ** 4) - 3 * variance * variance };
}

const weights = Array.from({ length: ROWS }, (_, row) => Math.sin(row * 1.7) ** 3);
const largest = Math.max(...weights.map(Math.abs));
const input = Array.from({ length: ROWS }, (_, row) => 0.2 + 0.8 * Math.abs(Math.cos(row)));

/** What an output adds up to: of pairs the sum over both cells. */
function expected(law: 'normal' | 'uniform', scheme: 'differential' | 'offset'): Moments {
  const total = { mean: 0, variance: 0, fourth: 0 };
  weights.forEach((weight, row) => {
    const w = weight / largest;
    const cells =
      scheme === 'differential'
        ? [
            [1, Math.max(w, 0)],
            [-1, Math.max(-w, 0)],
          ]
        : [[1, (1 + w) / 2]];
    for (const [sign, g] of cells) {
      const { mean, variance, fourth } = clipped(g!, law);
      const x = input[row]! * (scheme === 'offset' ? 2 : 1) * largest;
      total.mean += sign! * mean * x - (scheme === 'offset' ? 0.5 * x : 0);
      total.variance += variance * x * x;
      total.fourth += fourth * x ** 4;
    }
  });
  return total;
}

function check(samples: readonly number[], { mean, variance, fourth }: Moments): void {
  const n = samples.length;
  const average = samples.reduce((sum, x) => sum + x, 0) / n;
  const central = (power: number) => samples.reduce((sum, x) => sum + (x - average) ** power, 0) / n;
  // 99 % intervals: of the mean, of the variance and of the kurtosis of nearly normal samples.
  const z = 2.576;
  expect(Math.abs(average - mean)).toBeLessThan(z * Math.sqrt(variance / n));
  expect(Math.abs(central(2) / variance - 1)).toBeLessThan(z * Math.sqrt(2 / n));
  const kurtosis = central(4) / central(2) ** 2 - 3;
  expect(Math.abs(kurtosis - fourth / variance ** 2)).toBeLessThan(z * Math.sqrt(24 / n));
}

const laws = ['normal', 'uniform'] as const;
const schemes = ['differential', 'offset'] as const;
const cases = laws.flatMap((law) => schemes.map((scheme) => ({ law, scheme })));

describe.each(cases)('$law errors of $scheme cells', ({ law, scheme }) => {
  const error = { type: law, law: 'independent', sigma: SIGMA };
  const encoding = { scheme };

  test('read noise, drawn anew for every cell and read', () => {
    const crossbar = programCrossbar([weights], { encoding, cell: { read: error } }, { seed: 4 });
    const samples = Array.from({ length: READS }, () => crossbar.multiply(input)[0]!);
    check(samples, expected(law, scheme));
  });

  test('programming errors, drawn once for every chip', () => {
    const samples = Array.from({ length: READS }, (_, chip) => {
      return programCrossbar([weights], { encoding, cell: { program: error } }, { seed: 6, chip }).multiply(
        input,
      )[0]!;
    });
    check(samples, expected(law, scheme));
  });
});
