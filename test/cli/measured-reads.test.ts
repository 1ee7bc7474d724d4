import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/report/explanation.ts';
import type { Report } from '../../src/report/report.ts';
import { kirchhoff } from './command.ts';

const MEASURED = ['--set', 'analogCore.crossbar.reads=measured'];

async function run(...words: string[]): Promise<Report> {
  const { code, out, err } = await kirchhoff(['run', ...words, '--json']);
  expect(err).not.toMatch(/^error/m);
  expect(code).toBe(0);
  return JSON.parse(out) as Report;
}

describe('reads charged by conductances and inputs', async () => {
  const lenet = [
    ...['arch/hybrid-edge.yaml', 'workloads/lenet5.yaml', '--schedule', 'analog', '--schedule', 'suffix:3'],
    ...['--samples', '4', '--chips', '1', '--inferences', '2'],
  ];
  const average = await run(...lenet);
  const measured = await run(...lenet, ...MEASURED);
  const dynamic = (report: Report, row: number, component: string) =>
    report.schedules[row]!.energy.byComponent.find((part) => part.component === component)!.dynamic;

  test('change energy of crossbars and drivers, and nothing else', () => {
    expect(average.reads).toBeNull();
    expect(measured.reads).toMatchObject({ charged: 'measured', why: null, images: 64 });
    average.schedules.forEach((row, index) => {
      const other = measured.schedules[index]!;
      for (const { component, dynamic: before } of row.energy.byComponent) {
        const after = dynamic(measured, index, component);
        if (component === 'crossbar' || component === 'dacBank') expect(after).not.toBe(before);
        else expect(after).toBe(before);
      }
      expect({ ...other, energy: 0, topsPerWatt: 0, analysis: 0 }).toEqual({
        ...row,
        ...{ energy: 0, topsPerWatt: 0, analysis: 0 },
      });
      const parts = other.energy.byLayer.reduce((sum, part) => sum + part.energy, 0);
      expect(parts / other.energy.total).toBeCloseTo(1, 12);
    });
  });

  test('are those of the layers: a layer alone costs as many reads as stated, times its charge', async () => {
    const { readEnergy, driveEnergy, overAverage } = measured.reads!.layers.at(-1)!;
    const alone = [...lenet.slice(0, 2), '--schedule', 'suffix:1', ...lenet.slice(6)];
    const [before, after] = [await run(...alone), await run(...alone, ...MEASURED)];
    expect(dynamic(after, 0, 'crossbar') / dynamic(before, 0, 'crossbar')).toBeCloseTo(overAverage!, 12);
    // NeuroSim's row driver for 256 columns, as the file has it for every word line.
    const drives = dynamic(before, 0, 'dacBank') / (2 * 0.0545e-12);
    expect(dynamic(after, 0, 'dacBank') / (drives * driveEnergy)).toBeCloseTo(1, 12);
    // 0.2 V, 25 µS, 10 ns, a tenth of the conductance, a quarter of the bits.
    expect(readEnergy / overAverage!).toBeCloseTo(0.2 ** 2 * 25e-6 * 10e-9 * 0.1 * 0.25, 26);
  });

  test('one-bit inputs: densities are shares of ones, as many as lines are driven', () => {
    for (const { density, densities, active } of measured.reads!.layers) {
      expect(densities).toHaveLength(8);
      expect(density).toBeCloseTo(active, 12);
      expect(densities.reduce((sum, share) => sum + share, 0) / 8).toBeCloseTo(density, 12);
    }
  });

  test('same bytes with more workers', async () => {
    expect(await run(...lenet, ...MEASURED, '--workers', '3')).toEqual(measured);
  });

  test('explain charges the same', async () => {
    const words = [
      'explain',
      ...lenet.slice(0, 4),
      '--inferences',
      '2',
      '--no-what-if',
      '--json',
      ...MEASURED,
    ];
    const explanation = JSON.parse((await kirchhoff(words)).out) as Explanation;
    expect(explanation.reads).toEqual(measured.reads);
    expect(explanation.schedule.energy).toEqual(measured.schedules[0]!.energy);
  });

  test('fall back on the stated averages without weights, and say so', async () => {
    const shapes = [
      ...['arch/hybrid-edge.yaml', 'workloads/shapes/vgg8-cifar.yaml', '--schedule', 'suffix:1'],
      ...['--set', 'chip.tiles=80', '--inferences', '2'],
    ];
    const report = await run(...shapes, ...MEASURED);
    expect(report.reads).toEqual({
      ...{ charged: 'average', images: 0, layers: [] },
      why: 'the network is described by its shapes alone, without weights or data',
    });
    expect(report.schedules[0]!.energy).toEqual((await run(...shapes)).schedules[0]!.energy);
    const text = (await kirchhoff(['run', ...shapes, ...MEASURED])).out;
    expect(text).toContain('charged by the stated average, not measured as the chip asks: the network is');
  });

  test('need the energy of a full read', async () => {
    const refused = await kirchhoff(['run', 'arch/isaac.yaml', 'workloads/lenet5.yaml', ...MEASURED]);
    expect(refused.code).toBe(2);
    expect(refused.err).toBe(
      '--set analogCore.crossbar.reads=measured: measured, but the energy of a full read is not known (give crossbar.fullReadEnergy, or set average)\n',
    );
  });
});
