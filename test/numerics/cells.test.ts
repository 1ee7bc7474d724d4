import { describe, expect, test } from 'vitest';
import { deviceModels } from '../../src/hardware/device/index.ts';
import { type CellPhysics, cellPhysics, programCells, readMoments } from '../../src/numerics/cells.ts';
import { type SpecChanges, testSpec } from '../specs.ts';

const CELLS = 20_000;
const address = { seed: 1, chip: 0, layer: 0, column: 0, plane: 0 };

function physics(cell: NonNullable<SpecChanges['cell']>): CellPhysics {
  return cellPhysics(testSpec({ cell }).analogCore!.cell);
}

function programmed(
  cell: NonNullable<SpecChanges['cell']>,
  wanted: number,
  changes: Partial<typeof address> = {},
) {
  const g = new Float64Array(CELLS).fill(wanted);
  programCells(physics(cell), g, { ...address, ...changes });
  return g;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}

function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

describe('programming', () => {
  const models = [
    { type: 'normal', law: 'independent', sigma: 0.03 },
    { type: 'normal', law: 'proportional', sigma: 0.1 },
    { type: 'uniform', law: 'inverse', sigma: 0.01 },
    { type: 'pcm', maxConductance: 25e-6 },
    { type: 'rram', maxConductance: 225e-6 },
  ];
  test.each(models)(
    '$type $law: cells scatter about the wanted conductance as the device says',
    (program) => {
      for (const wanted of [0.4, 0.9]) {
        const g = programmed({ program }, wanted);
        const sigma = deviceModels
          .get(program.type)
          .error(program as never)
          .sigma(wanted);
        expect(Math.abs(mean(g) - wanted)).toBeLessThan((5 * sigma) / Math.sqrt(CELLS));
        expect(Math.abs(deviation(g) / sigma - 1)).toBeLessThan(5 / Math.sqrt(2 * CELLS));
      }
    },
  );

  test('a conductance cannot fall below 0: at 0 half of a normal error is cut off', () => {
    const g = programmed({ program: { type: 'normal', law: 'independent', sigma: 0.1 } }, 0);
    expect(Math.min(...g)).toBe(0);
    // Of a rectified normal: 1/√2π and ½ − 1/2π.
    expect(mean(g) / 0.1).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 1.5);
    expect(deviation(g) ** 2 / 0.01).toBeCloseTo(0.5 - 1 / (2 * Math.PI), 1.5);
  });

  test('stuck cells are as many as the spec says, at the smallest or largest conductance, whatever is written', () => {
    const cell = {
      stuckOff: 0.1,
      stuckOn: 0.05,
      onOffRatio: 20,
      program: { type: 'normal', law: 'independent', sigma: 0.01 },
    };
    const g = programmed(cell, 0.5);
    const off = g.filter((value) => value === 1 / 20).length;
    const on = g.filter((value) => value === 1).length;
    expect(Math.abs(off - 0.1 * CELLS)).toBeLessThan(5 * Math.sqrt(0.1 * 0.9 * CELLS));
    expect(Math.abs(on - 0.05 * CELLS)).toBeLessThan(5 * Math.sqrt(0.05 * 0.95 * CELLS));
    // The same cells are stuck when the chip is written anew with other values.
    const again = programmed(cell, 0.2);
    expect(again.indexOf(1)).toBe(g.indexOf(1));
  });

  test('depends on seed, chip, layer, column and plane, and on nothing else', () => {
    const cell = { program: { type: 'normal', law: 'independent', sigma: 0.1 } };
    const base = programmed(cell, 0.5);
    expect(programmed(cell, 0.5)).toEqual(base);
    for (const change of [{ seed: 2 }, { chip: 1 }, { layer: 1 }, { column: 1 }, { plane: 1 }]) {
      const other = programmed(cell, 0.5, change);
      const products = mean(Array.from(other, (value, i) => (value - 0.5) * (base[i]! - 0.5)));
      expect(Math.abs(products) / 0.01).toBeLessThan(5 / Math.sqrt(CELLS));
    }
  });

  test('ideal cells take what they are given', () => {
    expect(programmed({}, 0.37)).toEqual(new Float64Array(CELLS).fill(0.37));
    expect(physics({})).toMatchObject({ exactProgram: true, exactRead: true, gMin: 0 });
  });
});

describe('moments of reading', () => {
  // Σ over a fine grid of the density, the oracle of both closed forms.
  function integrated(density: (x: number) => number, reach: number, g: number) {
    const steps = 200_000;
    let [weight, first, second] = [0, 0, 0];
    for (let i = 0; i < steps; i++) {
      const x = -reach + ((i + 0.5) * 2 * reach) / steps;
      const value = Math.max(0, g + x);
      weight += density(x);
      first += density(x) * value;
      second += density(x) * value * value;
    }
    return { mean: first / weight, variance: second / weight - (first / weight) ** 2 };
  }

  test.each([0, 0.01, 0.05, 0.2, 0.9])('of normal and uniform noise clipped at 0, at g = %d', (g) => {
    const sigma = 0.04;
    const laws = {
      normal: integrated((x) => Math.exp((-x * x) / (2 * sigma * sigma)), 10 * sigma, g),
      uniform: integrated(() => 1, Math.sqrt(3) * sigma, g),
    };
    for (const [law, expected] of Object.entries(laws)) {
      const out = { mean: 0, variance: 0 };
      readMoments({ law: law as 'normal', sigma: () => sigma }, g, out);
      expect(out.mean).toBeCloseTo(expected.mean, 7);
      expect(out.variance).toBeCloseTo(expected.variance, 8);
    }
  });

  test('of a quiet cell are its conductance and nothing', () => {
    const out = { mean: 1, variance: 1 };
    readMoments({ law: 'none', sigma: () => 0 }, 0.3, out);
    expect(out).toEqual({ mean: 0.3, variance: 0 });
    readMoments({ law: 'normal', sigma: () => 0 }, 0, out);
    expect(out).toEqual({ mean: 0, variance: 0 });
  });
});
