import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { macroFigures } from '../../src/hardware/macros/figures.ts';
import { macroModels } from '../../src/hardware/macros/index.ts';
import { readMacro } from '../../src/input/macro.ts';
import { ROOT } from '../cli/command.ts';

const folder = join(ROOT, 'arch/macros');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const macros = await Promise.all(
  files.map(async (file) => ({ file, ...(await readMacro(join(folder, file))) })),
);

test('every macro model has a file', () => {
  expect(new Set(macros.map(({ model }) => model.name))).toEqual(new Set(macroModels.names));
});

describe.each(macros.map((one) => [one.file, one] as const))('%s', (_, { model, spec: { value } }) => {
  const at = (point: object, calibrated = true) =>
    macroFigures(model, { ...value, point: { ...value.point, ...point } }, { calibrated });

  test('has figures of every part that add up', () => {
    for (const calibrated of [true, false]) {
      const figures = at({}, calibrated);
      expect(figures.parts.map(({ part }) => part)).toEqual(model.parts);
      for (const { energy, area } of figures.parts) {
        expect(energy).toBeGreaterThanOrEqual(0);
        expect(area).toBeGreaterThanOrEqual(0);
      }
      const counted = figures.parts.filter((part) => part.counted);
      const energy = counted.reduce((sum, part) => sum + part.energy, 0);
      expect(figures.topsPerWatt * 1e12 * energy).toBeCloseTo(figures.operations, 6);
      const all = figures.parts.reduce((sum, part) => sum + part.energy, 0);
      expect(figures.energy / all).toBeCloseTo(1, 12);
      expect((figures.throughput * figures.operationTime) / (value.copies * figures.operations)).toBeCloseTo(
        1,
        12,
      );
    }
  });

  test('takes more energy and less time at a higher supply', () => {
    const [low, high] = [
      at({ supply: value.point.supply * 0.95 }),
      at({ supply: value.point.supply * 1.05 }),
    ];
    expect(high.energy).toBeGreaterThan(low.energy);
    expect(high.operationTime).toBeLessThan(low.operationTime);
  });

  test('at the point of its split has the published shares, and the energy of the model times the factor', () => {
    const { calibration } = value;
    // One clock point, which both see: time is part of some energies.
    const clock = { ...value.clock, points: value.clock.points.slice(0, 1) };
    const there = { ...value, clock, point: { ...value.point, ...calibration.at } };
    const [figures, bottomUp] = [true, false].map((calibrated) => macroFigures(model, there, { calibrated }));
    expect(figures!.energy / (bottomUp!.energy * calibration.factor)).toBeCloseTo(1, 10);
    for (const [part, share] of Object.entries(calibration.split ?? {})) {
      expect(figures!.parts.find((one) => one.part === part)!.energy / figures!.energy).toBeCloseTo(
        share!,
        10,
      );
    }
  });

  test('does more operations in the same time with more copies, at the same TOPS/W', () => {
    const [one, three] = [1, 3].map((copies) => macroFigures(model, { ...value, copies }));
    expect(three!.throughput / one!.throughput).toBeCloseTo(3, 12);
    expect(three!.topsPerWatt).toBe(one!.topsPerWatt);
  });
});
