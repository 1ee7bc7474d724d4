import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../../src/experiment/experiment.ts';
import type { Report } from '../../../src/report/report.ts';
import { ROOT } from '../../cli/command.ts';
import { mnsimCharges } from './mnsim-charges.ts';
import { MNSIM, NEUROSIM, NEUROSIM_RESNET18 } from './published.ts';
import { besideTable, oursOf, total } from './table.ts';

const PAGE = join(ROOT, 'arch/README.md');

describe('beside NeuroSim and MNSIM', async () => {
  const vgg8Report = await report('arch/neurosim-sram.yaml', 'vgg8-cifar');
  const vgg8 = oursOf(vgg8Report);
  const resnet18Report = await report('arch/neurosim-sram.yaml', 'resnet18');
  const resnet18 = oursOf(resnet18Report);
  const rram = oursOf(await report('arch/mnsim-rram.yaml', 'vgg8-mnsim'));
  const pairs = [
    ['VGG-8', vgg8, NEUROSIM.vgg8],
    ['ResNet-18', resnet18, NEUROSIM.resnet18],
  ] as const;

  test.each(pairs)('SRAM, %s: converters take more than all else, here and there', (_, ours, theirs) => {
    for (const one of [ours, theirs]) expect(one.converters).toBeGreaterThan(one.accumulation + one.other);
  });

  test.each(pairs)(
    'SRAM, %s: energy within a factor of 4, mostly by the converters; area within a fifth',
    (_, ours, theirs) => {
      const difference = total(ours) - total(theirs);
      expect(total(ours) / total(theirs)).toBeGreaterThan(1);
      expect(total(ours) / total(theirs)).toBeLessThan(4);
      expect((ours.converters - theirs.converters) / difference).toBeGreaterThan(0.75);
      expect(Math.abs(ours.area / theirs.area - 1)).toBeLessThan(0.2);
    },
  );

  test('SRAM: the order of the networks in time and energy is the same', () => {
    expect([resnet18.time > vgg8.time, total(resnet18) > total(vgg8)]).toEqual([true, true]);
  });

  // Positions × input bits × columns a converter × 1 ns: 65.5, 16.4 and 4.1 µs.
  test('SRAM, VGG-8: layers come in the order of their conversions, and the first bounds the pace', () => {
    const busy = (name: string) => busyOf(vgg8Report, name);
    expect(busy('conv1.2.conv') / (1024 * 8 * 8e-9)).toBeCloseTo(1, 2);
    expect(busy('conv2.1.conv') / (256 * 8 * 8e-9)).toBeCloseTo(1, 2);
    expect(busy('conv3.1.conv') / (64 * 8 * 8e-9)).toBeCloseTo(1, 2);
    expect(vgg8.time / busy('conv1.2.conv')).toBeLessThan(1.1);
  });

  // A cycle of 1 ns for the conversion and another for the shift-and-add of each column.
  test('NeuroSim’s time for VGG-8 is that of our slowest layer with two cycles a conversion', () => {
    expect(NEUROSIM.vgg8.time / (2 * busyOf(vgg8Report, 'conv1.2.conv'))).toBeCloseTo(1, 1);
  });

  test('ResNet-18: a buffer sets the pace, here and there', () => {
    expect(resnet18Report.schedules[0]!.analysis!.bottleneck!.resource).toBe('bufferPorts');
    expect(NEUROSIM_RESNET18.bufferReads / NEUROSIM.resnet18.time).toBeGreaterThan(0.9);
  });

  const charges = mnsimCharges();
  const sum = (parts: object) => Object.values(parts).reduce((all: number, part: number) => all + part, 0);

  test('MNSIM: its rules as we state them make its converters, to the percent printed, and its area', () => {
    expect(Math.abs(charges.converters / MNSIM.energy - MNSIM.converterShare)).toBeLessThan(0.005);
    expect(Math.abs(sum(charges.area) / MNSIM.area - 1)).toBeLessThan(0.02);
    expect(charges.area.buffers / sum(charges.area)).toBeGreaterThan(0.5);
  });

  test('RRAM: converters take more than all else; in two halves and with nine input bits they convert as often as MNSIM’s', () => {
    expect(rram.converters).toBeGreaterThan(total(rram) - rram.converters);
    const conversions = rram.converters / (1.26e-3 * 1e-9);
    expect(Math.abs((conversions * 2 * 9) / 8 / charges.ofAllColumns - 1)).toBeLessThan(0.05);
    expect(charges.conversions / charges.ofAllColumns).toBeGreaterThan(0.85);
  });

  test('MNSIM’s time: 1024 positions of buffers alone are longer than one image with us', () => {
    const { buffers, conversions } = charges.position;
    expect(buffers).toBeCloseTo(1.76e-6, 12);
    expect(conversions).toBeCloseTo(0.144e-6, 12);
    expect(1024 * buffers).toBeGreaterThan(rram.latency);
    expect(1024 * (buffers + conversions)).toBeLessThan(MNSIM.time);
  });

  test('arch/README.md shows this table (UPDATE_README=1 npx vitest run test/validation writes it)', () => {
    const text = besideTable(vgg8, resnet18, rram);
    console.log(text);
    const page = readFileSync(PAGE, 'utf8');
    const pattern = /<!-- side by side -->\n(?:\|.*\n)*/;
    const shown = `<!-- side by side -->\n${text}\n`;
    if (process.env.UPDATE_README === '1') writeFileSync(PAGE, page.replace(pattern, shown));
    else expect(page.match(pattern)?.[0]).toBe(shown);
  });
});

async function report(architecture: string, network: string): Promise<Report> {
  return runExperiment({
    architecture: join(ROOT, architecture),
    workload: join(ROOT, `workloads/shapes/${network}.yaml`),
    ...{ overrides: [], schedules: ['analog'], samples: 1, chips: 1, seed: 1, workers: 1 },
    ...{ taskPolicy: 'oldest-inference', inferences: 16 },
  });
}

function busyOf({ schedules }: Report, name: string): number {
  return schedules[0]!.analysis!.layers.find(({ layer }) => layer === name)!.bottleneck!.busy;
}
