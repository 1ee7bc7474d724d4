import { describe, expect, it } from 'vitest';
import { fillNormals, fillUniforms, philox4x32 } from '../../src/base/philox.ts';

const hex = (words: Iterable<number>) =>
  [...words].map((word) => word.toString(16).padStart(8, '0')).join(' ');

// The generator's known-answer vectors (kat_vectors of the authors' Random123 distribution).
it.each([
  ['00000000 00000000', '00000000 00000000 00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff', 'ffffffff ffffffff ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['a4093822 299f31d0', '243f6a88 85a308d3 13198a2e 03707344', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('maps key %s, counter %s to the published words', (key, counter, words) => {
  const [k0, k1] = key.split(' ').map((word) => Number.parseInt(word, 16)) as [number, number];
  const c = counter.split(' ').map((word) => Number.parseInt(word, 16)) as [number, number, number, number];
  const out = new Uint32Array(4);
  philox4x32(k0, k1, ...c, out);
  expect(hex(out)).toBe(words);
});

const sequence = { seed: 1, stream: 2, row: 3, block: 4, read: 5 };

describe('normals', () => {
  const count = 1_000_000;
  const samples = new Float32Array(count);
  fillNormals(samples, sequence);

  it('follow Box and Muller to float32 accuracy', () => {
    const words = new Uint32Array(4);
    for (let i = 0; i < 20_000; i += 2) {
      philox4x32(sequence.seed, sequence.stream, i >> 2, sequence.row, sequence.block, sequence.read, words);
      const [radiusWord, angleWord] = [words[i & 3]!, words[(i & 3) + 1]!];
      const r = Math.sqrt(-2 * Math.log((Math.floor(radiusWord / 2) + 0.5) / 2 ** 31));
      // A quarter turn to either side of the axis that the high bits choose, mirrored where they exchange.
      const angle = (((angleWord << 2) | 0) / 2 ** 32) * (Math.PI / 2);
      const turn = angleWord >>> 31 === 1 ? -r : r;
      const [cosine, sine] = [turn * Math.cos(angle), turn * Math.sin(angle)];
      const exchanged = (angleWord & 0x40000000) !== 0;
      expect(Math.abs(samples[i]! - (exchanged ? sine : cosine))).toBeLessThan(2e-6);
      expect(Math.abs(samples[i + 1]! - (exchanged ? cosine : sine))).toBeLessThan(2e-6);
    }
  });

  it('have the moments and tails of the standard normal, within 5 standard errors', () => {
    let [m1, m2, m3, m4, beyond3, beyond4] = [0, 0, 0, 0, 0, 0];
    for (const x of samples) {
      m1 += x;
      m2 += x * x;
      m3 += x ** 3;
      m4 += x ** 4;
      if (Math.abs(x) > 3) beyond3++;
      if (Math.abs(x) > 4) beyond4++;
    }
    const error = (variance: number) => 5 * Math.sqrt(variance / count);
    expect(Math.abs(m1 / count)).toBeLessThan(error(1));
    expect(Math.abs(m2 / count - 1)).toBeLessThan(error(2));
    expect(Math.abs(m3 / count)).toBeLessThan(error(15));
    expect(Math.abs(m4 / count - 3)).toBeLessThan(error(96));
    expect(Math.abs(beyond3 / count - 2.69979606e-3)).toBeLessThan(error(2.7e-3));
    expect(Math.abs(beyond4 / count - 6.33424837e-5)).toBeLessThan(error(6.33e-5));
  });

  it('are uncorrelated with their neighbours and with other sequences', () => {
    const others = new Float32Array(count);
    for (const change of [{ seed: 9 }, { stream: 9 }, { row: 4 }, { block: 5 }, { read: 6 }]) {
      fillNormals(others, { ...sequence, ...change });
      expect(Math.abs(dot(samples, others, 0) / count)).toBeLessThan(5 / Math.sqrt(count));
    }
    for (const lag of [1, 2, 3, 4, 5]) {
      expect(Math.abs(dot(samples, samples, lag) / count)).toBeLessThan(5 / Math.sqrt(count));
    }
  });

  it('fill 256 bins of equal probability evenly (chi square)', () => {
    const bins = new Float64Array(256);
    for (const x of samples) bins[Math.min(255, Math.floor(256 * normalProbability(x)))]! += 1;
    const expected = count / bins.length;
    const chiSquare = bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: mean 255, standard deviation √510.
    expect(Math.abs(chiSquare - 255)).toBeLessThan(5 * Math.sqrt(510));
  });

  it('depend on their index only, not on where a fill starts', () => {
    for (const [first, length] of [
      [0, 7],
      [1, 9],
      [2, 1],
      [3, 30],
      [1001, 40],
    ] as const) {
      const part = new Float32Array(length);
      fillNormals(part, sequence, first);
      expect(part).toEqual(samples.slice(first, first + length));
    }
  });
});

it('uniform samples lie inside (0, 1) with mean 1/2 and variance 1/12', () => {
  const samples = new Float64Array(200_000);
  fillUniforms(samples, sequence, 3);
  const mean = samples.reduce((sum, u) => sum + u, 0) / samples.length;
  const variance = samples.reduce((sum, u) => sum + (u - 0.5) ** 2, 0) / samples.length;
  expect(samples.every((u) => u > 0 && u < 1)).toBe(true);
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / samples.length));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / samples.length));
});

function dot(a: Float32Array, b: Float32Array, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < a.length; i++) sum += a[i]! * b[i + lag]!;
  return sum;
}

/** Φ(x) by Simpson's rule from 0. */
function normalProbability(x: number): number {
  const steps = 40;
  const h = x / steps;
  let sum = 1 + Math.exp((-x * x) / 2);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2) / 2);
  return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
