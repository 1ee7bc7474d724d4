import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { showDocument } from '../../src/cli/show.ts';
import { readArchitecture } from '../../src/input/architecture.ts';
import { kirchhoff, ROOT } from './command.ts';

const folder = join(ROOT, 'arch');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
/** Rows of the table in arch/README.md: file, chip, crossbars, weights, peak, area, source. */
const rows = readFileSync(join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \[[\w-]+\.yaml\]\([\w-]+\.yaml\)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('what kirchhoff show says', () => {
  test.each(files)('%s: levels hold what lies below them, the chip all components', async (file) => {
    const { value: spec } = await readArchitecture(join(folder, file));
    const { levels, components, mvm } = showDocument(spec);
    const level = (name: string) => levels.find((one) => one.level === name);
    const chip = level('chip')!;
    for (const what of ['area', 'peakPower', 'leakage'] as const) {
      const all = components.reduce((sum, part) => sum + part[what], 0);
      expect(chip[what]).toBeCloseTo(all, 12);
      for (const [inner, outer] of [
        ['crossbar', 'analogCore'],
        ['analogCore', 'tile'],
        ['digitalCore', 'tile'],
        ['tile', 'chip'],
      ]) {
        const [small, large] = [level(inner!), level(outer!)];
        if (small === undefined || large === undefined) continue;
        expect(small.count * small[what]).toBeLessThanOrEqual(large.count * large[what] * (1 + 1e-12));
      }
    }
    for (const { peakThroughput, peakPower, area, topsPerWatt, topsPerSquareMillimetre } of levels) {
      expect(topsPerWatt * peakPower).toBeCloseTo(peakThroughput / 1e12, 9);
      if (area > 0) expect(topsPerSquareMillimetre * area * 1e6).toBeCloseTo(peakThroughput / 1e12, 9);
    }
    const crossbar = level('crossbar');
    expect(mvm === undefined).toBe(crossbar === undefined);
    if (mvm !== undefined)
      expect(crossbar!.peakThroughput).toBeCloseTo((2 * mvm.rows * mvm.columns) / mvm.interval, 0);
  });

  test('the table of arch/README.md has every chip', () => {
    expect(rows.map((row) => row[1]!.match(/\[([\w-]+\.yaml)\]/)![1]).sort()).toEqual(files.sort());
  });

  test.each(rows.map((row) => [row[1]!.match(/\[([\w-]+)\.yaml\]/)![1]!, row] as const))(
    'the row of %s',
    async (name, row) => {
      const { value: spec } = await readArchitecture(join(folder, `${name}.yaml`));
      const { levels, capacity } = showDocument(spec);
      const [crossbars, held, peak, area] = row.slice(3, 7);
      const chip = levels.find(({ level }) => level === 'chip')!;
      const number = (cell: string, units: Readonly<Record<string, number>>) => {
        const [, digits, unit] = cell.match(/^([\d.,]+) ?(.*)$/)!;
        return Number(digits!.replaceAll(',', '')) * units[unit!]!;
      };
      const near = (ours: number, shown: number) => expect(Math.abs(ours / shown - 1)).toBeLessThan(0.01);
      const count = levels.find(({ level }) => level === 'crossbar')?.count;
      if (crossbars === '–') expect(count).toBeUndefined();
      else expect(count).toBe(Number(crossbars!.match(/^[\d,]+/)![0].replaceAll(',', '')));
      if (held !== '–') near(capacity, number(held!, { MB: 1e6, kB: 1e3 }));
      if (peak !== '–') near(chip.peakThroughput, number(peak!, { TOPS: 1e12 }));
      if (area !== '–') near(chip.area, number(area!, { 'mm²': 1e-6 }));
    },
  );
});

describe('every chip runs LeNet-5', () => {
  // No crossbar, and a single one.
  const scheduleOf: Readonly<Record<string, string>> = {
    'digital.yaml': 'digital',
    'diana.yaml': 'suffix:1',
  };

  test.each(files)('%s', async (file) => {
    const schedule = scheduleOf[file] ?? 'analog';
    const { code, out, err } = await kirchhoff([
      ...['run', `arch/${file}`, 'workloads/lenet5.yaml', '--schedule', schedule],
      ...['--samples', '4', '--chips', '1', '--inferences', '2', '--json'],
    ]);
    expect(err).toBe('');
    expect(code).toBe(0);
    const { schedules } = JSON.parse(out) as { schedules: { energy: { total: number } }[] };
    expect(schedules).toHaveLength(1);
    for (const { energy } of schedules) expect(energy.total).toBeGreaterThan(0);
  });
});
