import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldedEnergy } from '../../src/analysis/flame-graph.ts';
import { testSpec } from '../specs.ts';
import { analysed, convNetwork } from './plays.ts';

describe('the energy matrix', () => {
  const chips = fc.record({
    tiles: fc.integer({ min: 1, max: 4 }),
    digitalCores: fc.integer({ min: 1, max: 3 }),
    schedule: fc.constantFrom('digital', 'analog', 'prefix:1', 'suffix:2'),
    inferences: fc.integer({ min: 1, max: 4 }),
    fixed: fc.array(fc.double({ min: 0, max: 1e-3, noNaN: true }), { maxLength: 3 }),
  });

  test('adds up to the report: rows to layers, columns to components, all to the total', async () => {
    await fc.assert(
      fc.asyncProperty(chips, async ({ tiles, digitalCores, schedule, inferences, fixed }) => {
        const parts = fixed.map((power, index) => ({ name: `part ${index}`, count: 1, area: 0, power }));
        const spec = testSpec({ chip: { tiles, fixed: parts }, tile: { analogCores: 24, digitalCores } });
        const { analysis, energy } = await analysed(convNetwork(), spec, schedule, inferences);
        const { components, rows } = analysis.energyMatrix;
        const near = (value: number, expected: number) =>
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * energy.total);
        expect(rows.map(({ layer }) => layer)).toEqual(energy.byLayer.map(({ layer }) => layer));
        rows.forEach((row, index) => near(sum(row.energy), energy.byLayer[index]!.energy));
        expect(components).toEqual(energy.byComponent.map(({ component }) => component));
        components.forEach((_, column) => {
          const { dynamic, leakage } = energy.byComponent[column]!;
          near(sum(rows.map((row) => row.energy[column]!)), dynamic + leakage);
        });
        near(sum(rows.map((row) => sum(row.energy))), energy.total);
      }),
      { numRuns: 25 },
    );
  });

  test('the tornado of energies is linear: 10 % of each component, 10 % of all together', async () => {
    const spec = testSpec({ tile: { analogCores: 24, digitalCores: 2 } });
    const { analysis, energy } = await analysed(convNetwork(), spec, 'prefix:1', 8, true);
    const rows = analysis.sensitivity!.energy;
    for (const { component, total } of rows) {
      const { dynamic, leakage } = energy.byComponent.find((one) => one.component === component)!;
      expect((total.more - total.less) / (0.2 * (dynamic + leakage))).toBeCloseTo(1, 6);
    }
    const risen = sum(rows.map(({ total }) => total.more - energy.total));
    expect(risen / (0.1 * energy.total)).toBeCloseTo(1, 9);
    const widths = rows.map(({ total }) => total.more - total.less);
    expect([...widths].sort((a, b) => b - a)).toEqual(widths);
    // Leakage alone follows the pace.
    const leaked = sum(energy.byComponent.map(({ leakage }) => leakage));
    for (const { interval, energy: moved } of analysis.sensitivity!.time) {
      const dynamic = energy.total - leaked;
      const expected =
        dynamic + (leaked * interval.more) / (analysis.efficiency.energyDelay.interval / energy.total);
      expect(moved.more / expected).toBeCloseTo(1, 9);
    }
  });
});

describe('the flame graph', () => {
  test('is what speedscope reads (a stack, a space, a whole number) and adds up to a pJ', () => {
    const energies = fc.array(fc.double({ min: 0, max: 1e-9, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(energies, { minLength: 1, maxLength: 8 }), (rows) => {
        const matrix = {
          components: ['crossbar', 'adcBank', 'buffer'],
          rows: rows.map((energy, index) => ({ layer: `/conv;${index}/Conv \n`, energy })),
        };
        const lines = foldedEnergy('le net', matrix).split('\n').slice(0, -1);
        let total = 0;
        for (const line of lines) {
          const match = /^(.*) (\d+)$/.exec(line);
          const stack = match![1]!.split(';');
          expect(stack).toHaveLength(3);
          expect(stack[0]).toBe('le net');
          const row = rows[Number(/^\/conv (\d+)\/Conv$/.exec(stack[1]!)![1])]!;
          const exact = row[matrix.components.indexOf(stack[2]!)]! * 1e12;
          expect(Math.abs(Number(match![2]) - exact)).toBeLessThan(1);
          total += Number(match![2]);
        }
        expect(Math.abs(total - sum(rows.map(sum)) * 1e12)).toBeLessThanOrEqual(0.5 + 1e-6);
      }),
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
