import { beforeAll, describe, expect, test } from 'vitest';
import type { ShowDocument } from '../../src/report/documents.ts';
import { kirchhoff } from '../cli/command.ts';

/**
 * The published table of ISAAC-CE (ISCA 2016, Table I and IV of the PDF corrected in October 2016), asked of the JSON of
 * `show` alone, as a script would.
 */
describe('ISAAC’s table from kirchhoff show --json', () => {
  let shown: ShowDocument;
  beforeAll(async () => {
    const { code, out, err } = await kirchhoff(['show', 'arch/isaac.yaml', '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    shown = JSON.parse(out) as ShowDocument;
  });

  const level = (name: string) => shown.levels.find((one) => one.level === name)!;
  const part = (path: string) => shown.components.find((one) => one.path.startsWith(path))!;

  // Published: mW and mm² of all the parts of that kind in one unit of the level.
  test.each([
    ['analogCore', 'analogCore.crossbar', 2.4, 0.0002],
    ['analogCore', 'analogCore.dacBank', 4, 0.00017],
    ['analogCore', 'analogCore.sampleAndHold', 0.01, 0.00004],
    ['analogCore', 'analogCore.adcBank', 16, 0.0096],
    ['analogCore', 'analogCore.shiftAndAdd', 0.2, 0.00024],
    // Input and output register.
    ['analogCore', 'analogCore.register', 1.24 + 0.23, 0.0021 + 0.00077],
    ['tile', 'tile.buffer', 20.7, 0.083],
    ['tile', 'tile.fixed.0 (eDRAM-to-IMA bus)', 7, 0.09],
    ['tile', 'tile.fixed.1 (output register', 1.68, 0.0032],
    // Sigmoid, shift-and-add, max-pool.
    ['tile', 'digitalCore.vectorUnit', 0.52 + 0.05 + 0.4, 0.0006 + 0.00006 + 0.00024],
    // A router serves four tiles.
    ['tile', 'chip.interconnect', 42 / 4, 0.151 / 4],
    ['chip', 'chip.fixed.0 (HyperTransport)', 10_400, 22.88],
  ])('a %s: %s takes %d mW and %d mm²', (name, path, milliwatts, squareMillimetres) => {
    const { count } = level(name);
    near(part(path).peakPower / count, milliwatts * 1e-3);
    near(part(path).area / count, squareMillimetres * 1e-6);
  });

  test.each([
    ['analogCore', 2016, 24.08e-3, 0.01312],
    ['tile', 168, 0.33, 0.372],
    ['chip', 1, 65.8, 85.4],
  ])('%s: %d of %d W and %d mm²', (name, count, watts, squareMillimetres) => {
    expect(level(name).count).toBe(count);
    near(level(name).peakPower, watts);
    near(level(name).area, squareMillimetres * 1e-6);
  });

  test('12 cores are 289 mW and 0.157 mm² of a tile, what stands beside them 40.9 mW and 0.215 mm²', () => {
    const [core, tile] = [level('analogCore'), level('tile')];
    near((core.count / tile.count) * core.peakPower, 0.289);
    near((core.count / tile.count) * core.area, 0.157e-6);
    near(tile.peakPower - 12 * core.peakPower, 40.9e-3);
    near(tile.area - 12 * core.area, 0.215e-6);
  });

  test('168 tiles are 55.4 W and 62.5 mm²', () => {
    const tile = level('tile');
    near(tile.count * tile.peakPower, 55.4);
    near(tile.count * tile.area, 62.5e-6);
  });

  test('627.5 GOPS/W and 0.74 MB/mm² at 16 bits; the converters are 58 % of tile power and 31 % of its area', () => {
    const [tile, chip] = [level('tile'), level('chip')];
    expect(shown.precision).toBe('16-bit weights × 16-bit inputs');
    near(chip.peakThroughput / chip.peakPower, 627.5e9);
    near(chip.topsPerWatt, 0.6275);
    near(shown.capacity / 2 ** 20 / (chip.area * 1e6), 0.74);
    const converters = part('analogCore.adcBank');
    expect(Math.round((100 * converters.peakPower) / tile.count / tile.peakPower)).toBe(58);
    expect(Math.round((100 * converters.area) / tile.count / tile.area)).toBe(31);
  });

  test('every level has area, peak power, throughput and TOPS/W that agree with each other', () => {
    expect(shown.levels.map((one) => one.level)).toEqual([
      'crossbar',
      'analogCore',
      'digitalCore',
      'tile',
      'chip',
    ]);
    for (const one of shown.levels) {
      expect(one.area).toBeGreaterThan(0);
      expect(one.peakPower).toBeGreaterThan(0);
      expect(one.topsPerWatt * one.peakPower * 1e12).toBeCloseTo(one.peakThroughput, -3);
    }
    // 128 × 128 cells of 2 bits in 16 read times of 100 ns: 128 × 16 MACs of 16 bits.
    near(level('crossbar').peakThroughput, (2 * 128 * 16) / 1.6e-6);
    near(level('chip').peakThroughput, level('crossbar').count * level('crossbar').peakThroughput);
  });
});

/** Within 0.5 %. */
function near(ours: number, published: number): void {
  expect(Math.abs(ours / published - 1)).toBeLessThan(0.005);
}
