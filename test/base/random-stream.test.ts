import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/random-stream.ts';

const DRAWS = 400_000;
/** Two-sided 99.9 % of a normal distribution: 0.1 % of right generators would fail with another seed. */
const Z = 3.29;

/** Central moments 1 to 8 of a law (the first about 0). */
interface Law {
  readonly draw: (random: RandomStream) => number;
  readonly mean: number;
  /** E[(x − mean)^k], k = 0 … 8. */
  readonly central: readonly number[];
}

/** Central moments of a gamma distribution from its cumulants shape (k − 1)!. */
function gammaMoments(shape: number): readonly number[] {
  const cumulant = (k: number) => (k === 1 ? 0 : shape * factorial(k - 1));
  const moments = [1];
  for (let n = 1; n <= 8; n++) {
    let sum = 0;
    for (let k = 1; k <= n; k++) sum += choose(n - 1, k - 1) * cumulant(k) * moments[n - k]!;
    moments.push(sum);
  }
  return moments;
}
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const choose = (n: number, k: number) => factorial(n) / factorial(k) / factorial(n - k);

const laws: Readonly<Record<string, Law>> = {
  uniform: {
    draw: (random) => random.uniform(),
    mean: 1 / 2,
    central: [1, 0, 1 / 12, 0, 1 / 80, 0, 1 / 448, 0, 1 / 2304],
  },
  exponential: { draw: (random) => random.exponential(), mean: 1, central: gammaMoments(1) },
  normal: { draw: (random) => random.normal(), mean: 0, central: [1, 0, 1, 0, 3, 0, 15, 0, 105] },
  ...Object.fromEntries(
    [0.0625, 0.5, 1, 1.7, 16].map((shape) => [
      `gamma of shape ${shape}`,
      { draw: (random: RandomStream) => random.gamma(shape), mean: shape, central: gammaMoments(shape) },
    ]),
  ),
};

describe('moments of what a stream draws', () => {
  test.each(Object.entries(laws))('%s: mean, variance, third and fourth moment', (_, law) => {
    const random = new RandomStream(11, 3);
    const sums = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < DRAWS; draw++) {
      const away = law.draw(random) - law.mean;
      let power = 1;
      for (let k = 1; k <= 4; k++) {
        power *= away;
        sums[k]! += power;
      }
    }
    for (let k = 1; k <= 4; k++) {
      // The mean of x^k over n draws has variance (E[x^2k] − E[x^k]²) / n.
      const deviation = Math.sqrt((law.central[2 * k]! - law.central[k]! ** 2) / DRAWS);
      const found = sums[k]! / DRAWS;
      expect(Math.abs(found - law.central[k]!), `moment ${k} is ${found}`).toBeLessThan(Z * deviation);
    }
  });

  test('whole numbers below a count are equally frequent', () => {
    const random = new RandomStream(5, 3);
    const found = new Float64Array(10);
    for (let draw = 0; draw < DRAWS; draw++) found[random.below(10)]! += 1;
    const expected = DRAWS / 10;
    const chiSquare = found.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 0.1 % and 99.9 % of chi square with 9 degrees of freedom.
    expect(chiSquare).toBeGreaterThan(1.15);
    expect(chiSquare).toBeLessThan(27.88);
  });
});

test('seed, stream and row each decide the sequence; nothing else does', () => {
  const sequence = (seed: number, stream: number, row?: number) => {
    const random = new RandomStream(seed, stream, row);
    return Array.from({ length: 600 }, () => random.uniform());
  };
  const once = sequence(1, 2, 3);
  expect(sequence(1, 2, 3)).toEqual(once);
  for (const other of [sequence(2, 2, 3), sequence(1, 3, 3), sequence(1, 2, 4)]) {
    expect(new Set([...once, ...other]).size).toBeGreaterThan(1190);
  }
});
