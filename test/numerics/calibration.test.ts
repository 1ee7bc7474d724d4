import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillNormals } from '../../src/base/philox.ts';
import { adcCodes, adcRange } from '../../src/numerics/adc-range.ts';
import { quantizedOperands } from '../../src/numerics/calibration.ts';
import {
  addMagnitudes,
  countMagnitudes,
  emptyMagnitudes,
  largestMagnitude,
  leastSquaresClip,
} from '../../src/numerics/magnitudes.ts';
import { calibratedRanges, fixedRanges } from '../../src/numerics/range-rules.ts';
import {
  addCounts,
  countSums,
  emptyLike,
  magnitudePercentile,
  sumCounts,
  sumPercentile,
} from '../../src/numerics/sum-counts.ts';
import { analogFormat } from '../../src/numerics/analog-format.ts';
import { cellPhysics } from '../../src/numerics/cells.ts';
import { mvmGeometry } from '../../src/numerics/mvm-geometry.ts';
import { activationGrid } from '../../src/network/quantization.ts';
import { sarAdc, type SpecChanges, testSpec } from '../specs.ts';
import { NetworkDraft, signedNetwork } from './sample-networks.ts';

function counted(values: Float32Array) {
  const magnitudes = emptyMagnitudes();
  countMagnitudes(magnitudes, new Int32Array(values.buffer), 0, values.length);
  return magnitudes;
}

describe('magnitudes', () => {
  test('counts of parts add up to those of the whole', () => {
    const values = new Float32Array(1000);
    fillNormals(values, { seed: 1, stream: 2, row: 0, block: 0, read: 0 });
    const parts = counted(values.slice(0, 300));
    addMagnitudes(parts, counted(values.slice(300)));
    expect(parts).toEqual(counted(values));
    expect(largestMagnitude(parts)).toBe(Math.max(...values.map(Math.abs)));
  });

  test.each([15, 127, 255])(
    'the clip of %d levels errs at most a hundredth more than the best one',
    (levels) => {
      const values = new Float32Array(20_000);
      fillNormals(values, { seed: 3, stream: 0, row: 0, block: 0, read: 0 });
      // A heavy tail: cubes of normals.
      const cubes = values.map((x) => Math.abs(x ** 3));
      const largest = Math.max(...cubes);
      const error = (clip: number) => {
        const step = clip / levels;
        let sum = 0;
        for (const x of cubes) sum += (Math.min(Math.round(x / step), levels) * step - x) ** 2;
        return sum;
      };
      let best = Infinity;
      for (let clip = largest; clip > largest / 16; clip *= 0.99) best = Math.min(best, error(clip));
      expect(error(leastSquaresClip(counted(cubes), levels))).toBeLessThan(1.01 * best);
    },
  );

  test('nothing but zeros has a clip of zero; what is not finite is seen', () => {
    expect(leastSquaresClip(counted(new Float32Array(5)), 255)).toBe(0);
    expect(largestMagnitude(counted(Float32Array.from([1, Number.NaN])))).toBeNaN();
    expect(largestMagnitude(counted(Float32Array.from([1, -Infinity])))).toBe(Infinity);
  });
});

describe('converter ranges', () => {
  const ideal = (levels: number) => ({ levels, grid: 'endpoints' as const });

  test('codes are symmetric about zero where sums have a sign', () => {
    expect(adcCodes(ideal(256), true)).toEqual({ low: -127, high: 127 });
    expect(adcCodes(ideal(256), false)).toEqual({ low: 0, high: 255 });
    expect(adcCodes(ideal(4), true)).toEqual({ low: -1, high: 1 });
    expect(adcCodes(ideal(3), true)).toEqual({ low: -1, high: 1 });
    expect(() => adcCodes(ideal(2), true)).toThrow('cannot tell the sign');
  });

  test('the outermost codes stand for the limits, or the middles of equal steps for circuits', () => {
    expect(adcRange(ideal(256), 0, 100, 1)).toEqual({ low: 0, high: 255, lsb: 1, zero: 0 });
    expect(adcRange(ideal(256), 0, 510, 1)).toEqual({ low: 0, high: 255, lsb: 2, zero: 0 });
    expect(adcRange(ideal(256), -254, 254)).toEqual({ low: -127, high: 127, lsb: 2, zero: 0 });
    expect(adcRange(ideal(256), -100, 410)).toEqual({ low: 0, high: 255, lsb: 2, zero: -100 });
    const centres = adcRange({ levels: 256, grid: 'centres' }, -256, 256);
    expect(centres).toEqual({ low: 0, high: 255, lsb: 2, zero: -255 });
  });

  const tails = fc.record({
    values: fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 1, maxLength: 200 }),
    percent: fc.double({ min: 50.1, max: 100, noNaN: true }),
    narrow: fc.boolean(),
    signed: fc.boolean(),
    whole: fc.boolean(),
  });

  test('percentiles are those of the sorted numbers, up to the width of a bin', () => {
    fc.assert(
      fc.property(tails, ({ values, percent, narrow, signed, whole }) => {
        const sums = values.map((value) => (narrow ? value % 1000 : value)).map(signed ? Number : Math.abs);
        const empty = sumCounts(Math.max(...sums.map(Math.abs)), signed, whole);
        const counts = emptyLike(empty);
        const half = sums.length >> 1;
        countSums(counts, Float32Array.from(sums.slice(0, half)), 1);
        const others = emptyLike(empty);
        countSums(
          others,
          Float32Array.from(sums.slice(half), (sum) => sum / 2),
          2,
        );
        addCounts(counts, others);
        expect(counts.counts.reduce((a, b) => a + b, 0)).toBe(sums.length);
        const near = (found: number, expected: number, from: number) => {
          expect(found - expected).toBeGreaterThanOrEqual(from * counts.width - 1e-6);
          expect(found - expected).toBeLessThanOrEqual((from + 1) * counts.width + 1e-6);
        };
        const magnitudes = sums.map(Math.abs).sort((a, b) => a - b);
        const rank = Math.ceil((sums.length * percent) / 100) - 1;
        near(magnitudePercentile(counts, percent), magnitudes[rank]!, 0);
        const ascending = [...sums].sort((a, b) => a - b);
        near(sumPercentile(counts, percent, false), ascending[rank]!, 0);
        near(sumPercentile(counts, percent, true), ascending.at(-1 - rank)!, -1);
      }),
      // Sums that are all 0 are counted, too.
      { examples: [[{ values: [0], percent: 50.1, narrow: false, signed: false, whole: false }]] },
    );
  });

  test('a mask leaves sums out', () => {
    const counts = sumCounts(10, true, true);
    countSums(counts, Int32Array.from([1, 2, 2, -3]), 1, (index) => index !== 1);
    expect(magnitudePercentile(counts, 50)).toBe(2);
    expect(counts.counts.reduce((a, b) => a + b, 0)).toBe(3);
  });

  const lowered = (() => {
    const net = new NetworkDraft([1, 64]);
    net.dense(-1, 4);
    return net.lower(false);
  })();

  function designOf(changes: SpecChanges) {
    const spec = testSpec(changes);
    const geometry = mvmGeometry(lowered, 0, 256);
    const codes = new Int16Array(64 * 4).fill(100);
    const physics = cellPhysics(spec.analogCore!.cell);
    const format = analogFormat(geometry, spec, codes, activationGrid(1, 8, false), physics);
    return { bank: spec.analogCore!.adcBank, format };
  }

  test('given limits count cells fully on, at full drive', () => {
    const adcBank = { range: 'given' as const, limits: [[-2, 2]] as [number, number][] };
    const plain = designOf({ adcBank, encoding: { inputSliceBits: 4 }, cell: { onOffRatio: 10 } });
    const [range] = fixedRanges(plain.bank, plain.format, 64);
    // 127 levels over 0.9 of the largest conductance, 15 digits a drive.
    expect(range!.lsb * range!.high).toBeCloseTo((2 * 127 * 15) / 0.9, 2);
    const analog = designOf({ adcBank, encoding: { accumulation: 'analog' } });
    const [whole] = fixedRanges(analog.bank, analog.format, 64);
    expect(whole!.lsb * whole!.high).toBeCloseTo(2 * 127 * 255, 1);
  });

  test('granular steps are one level, the largest range holds every sum', () => {
    const granular = designOf({ adcBank: { range: 'granular' } });
    expect(fixedRanges(granular.bank, granular.format, 64)).toEqual([
      { low: -127, high: 127, lsb: 1, zero: 0 },
    ]);
    const most = designOf({ adcBank: { range: 'max' } });
    expect(fixedRanges(most.bank, most.format, 64)[0]!.lsb).toBeCloseTo((64 * 127) / 127, 6);
  });

  const skewed = Float32Array.from(
    { length: 5000 },
    (_, i) => 40 + 30 * Math.sin(i) + 25 * Math.exp(-i / 100),
  );

  test.each([true, false])('least error: no other limits do better by a tenth (free %s)', (free) => {
    const changes: SpecChanges = {
      adcBank: {
        ...{ range: 'calibrated' as const, rule: 'leastError' as const, shape: free ? 'free' : 'symmetric' },
        adc: sarAdc(4),
      },
      encoding: { subtraction: 'digital' },
      cell: { onOffRatio: 10 },
    };
    const { bank, format } = designOf(changes);
    const counts = sumCounts(200, false, false);
    countSums(counts, skewed, 1);
    const [range] = calibratedRanges(bank, format, 64, [counts]);
    const error = (low: number, high: number) => {
      const step = (high - low) / 15;
      return skewed.reduce((sum, value) => {
        const code = Math.round((Math.min(Math.max(value, low), high) - low) / step);
        return sum + Math.abs(value - low - code * step);
      }, 0);
    };
    const low = range!.zero;
    const found = error(low, low + 15 * range!.lsb);
    let best = Infinity;
    for (let from = free ? 0 : 200; from < (free ? 60 : 201); from += 2) {
      for (let to = 60; to <= 110; to += 1) best = Math.min(best, error(free ? from : 0, to));
    }
    expect(found).toBeLessThan(1.1 * best);
  });

  test('a free range begins where the sums do', () => {
    const { bank, format } = designOf({
      adcBank: { range: 'calibrated', shape: 'free', percentile: 100 },
      encoding: { scheme: 'offset' },
      cell: { onOffRatio: 10 },
    });
    const counts = sumCounts(200, false, false);
    countSums(counts, skewed, 1);
    const [range] = calibratedRanges(bank, format, 64, [counts]);
    expect(range!.zero).toBeCloseTo(Math.min(...skewed), 1);
    expect(range!.zero + range!.high * range!.lsb).toBeCloseTo(Math.max(...skewed), 1);
  });

  test('powers of two below the largest possible range hold what the rule asks for', () => {
    const { bank, format } = designOf({
      adcBank: { range: 'calibrated', sliceRanges: 'powersOfTwo' },
      cell: { onOffRatio: 10 },
    });
    const counts = sumCounts(9000, true, false);
    countSums(counts, skewed, 1);
    const [range] = calibratedRanges(bank, format, 64, [counts]);
    const full = range!.lsb * range!.high;
    const exponent = Math.log2((64 * 127) / full);
    expect(exponent).toBeCloseTo(Math.round(exponent), 5);
    const wanted = magnitudePercentile(counts, bank.percentile);
    expect(full).toBeGreaterThanOrEqual(wanted);
    expect(full).toBeLessThan(2 * wanted);
  });
});

test('every MVM input and both sides of a product are quantized, signed where they may be negative', () => {
  const lowered = signedNetwork();
  const operands = quantizedOperands(lowered).map(({ layer, operand, signed }) => {
    const { operator } = lowered.network.layers[layer]!;
    return `${operator} ${lowered.lowerings[layer]!.kind} ${operand} ${signed ? 'signed' : 'unsigned'}`;
  });
  expect(operands).toEqual([
    'matmul mvm 0 signed',
    'matmul mvm 0 signed',
    'matmul mvm 0 signed',
    'matmul product 0 signed',
    'matmul product 1 signed',
    'matmul mvm 0 signed',
    'matmul product 0 unsigned',
    'matmul product 1 signed',
    'matmul mvm 0 signed',
  ]);
});
