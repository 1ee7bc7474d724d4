import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment.ts';
import { engineering, significant } from '../../src/report/format.ts';
import type { Report } from '../../src/report/report.ts';
import { ROOT } from '../cli/command.ts';

const PAGE = join(ROOT, 'arch/README.md');

/** Energy of an inference in J, time in s, area in m². */
interface Figures {
  readonly converters: number;
  readonly accumulation: number;
  readonly other: number;
  readonly interval: number;
  readonly area: number;
}

/**
 * What the tools print, run unmodified on VGG-8 for CIFAR-10 (random weights): NeuroSim 1.4 for its SRAM chip at 22 nm
 * (128 × 128, 8 bits, 5-bit converters), 37.8 µJ and 0.3 µJ of leakage; MNSIM 2.0 for its resistive chip (256 × 256, 1 bit,
 * 6-bit converters), 4449 µJ, 77 % of it converters, the rest not split.
 */
const NEUROSIM: Figures = {
  ...{ converters: 26.4e-6, accumulation: 3.8e-6, other: 7.5e-6 + 0.3e-6 },
  ...{ interval: 133e-6, area: 80.1e-6 },
};
const MNSIM = {
  ...{ converters: 0.77 * 4449e-6, rest: 0.23 * 4449e-6 },
  ...{ interval: 5.15e-3, area: 1390e-6 },
};

describe('side by side with NeuroSim and MNSIM on VGG-8', async () => {
  const sram = figuresOf(await report('arch/neurosim-sram.yaml'));
  const rram = figuresOf(await report('arch/mnsim-rram.yaml'));
  const total = (one: Figures) => one.converters + one.accumulation + one.other;

  test('SRAM: converters take the same share of the energy, and the parts come in the same order', () => {
    const share = sram.converters / total(sram);
    expect(Math.abs(share - NEUROSIM.converters / total(NEUROSIM))).toBeLessThan(0.05);
    expect(sram.converters).toBeGreaterThan(Math.max(sram.accumulation, sram.other));
  });

  test('SRAM: area within a fifth, time within a factor of two and a bit', () => {
    expect(Math.abs(sram.area / NEUROSIM.area - 1)).toBeLessThan(0.2);
    expect(NEUROSIM.interval / sram.interval).toBeGreaterThan(1);
    expect(NEUROSIM.interval / sram.interval).toBeLessThan(2.5);
  });

  test('SRAM: our converter explains most of the difference in energy', () => {
    const difference = total(sram) - total(NEUROSIM);
    expect((sram.converters - NEUROSIM.converters) / difference).toBeGreaterThan(0.6);
  });

  test('RRAM: charged for one sample period a conversion instead of bits + 2, MNSIM is where we are', () => {
    const once = MNSIM.converters / 8;
    expect(Math.abs(rram.converters / once - 1)).toBeLessThan(0.3);
    expect(Math.abs(total(rram) / (once + MNSIM.rest) - 1)).toBeLessThan(0.3);
  });

  test('arch/README.md shows this table (UPDATE_README=1 npx vitest run test/validation writes it)', () => {
    const text = markdown(sram, rram, total);
    console.log(text);
    const page = readFileSync(PAGE, 'utf8');
    const pattern = /<!-- side by side -->\n(?:\|.*\n)*/;
    const shown = `<!-- side by side -->\n${text}\n`;
    if (process.env.UPDATE_README === '1') writeFileSync(PAGE, page.replace(pattern, shown));
    else expect(page.match(pattern)?.[0]).toBe(shown);
  });
});

async function report(architecture: string): Promise<Report> {
  return runExperiment({
    architecture: join(ROOT, architecture),
    workload: join(ROOT, 'workloads/shapes/vgg8-cifar.yaml'),
    ...{ overrides: [], schedules: ['analog'], samples: 1, chips: 1, seed: 1, workers: 1 },
    ...{ taskPolicy: 'oldest-inference', inferences: 32 },
  });
}

function figuresOf({ schedules, architecture }: Report): Figures {
  const { energy, initiationInterval } = schedules[0]!;
  const of = (...names: readonly string[]) =>
    energy.byComponent
      .filter(({ component }) => names.includes(component))
      .reduce((sum, { dynamic, leakage }) => sum + dynamic + leakage, 0);
  const converters = of('adcBank');
  const accumulation = of('shiftAndAdd');
  // Neither tool counts the memory outside the chip.
  const other = energy.total - converters - accumulation - of('memory');
  return { converters, accumulation, other, interval: initiationInterval, area: architecture.area };
}

function markdown(sram: Figures, rram: Figures, total: (one: Figures) => number): string {
  const joule = (value: number) => engineering(value, 'J');
  const area = (value: number) => `${significant(value * 1e6)} mm²`;
  const share = (part: number, whole: number) => ` (${Math.round((100 * part) / whole)} %)`;
  const rest = rram.accumulation + rram.other;
  const all = MNSIM.converters + MNSIM.rest;
  const row = (what: string, ...cells: readonly string[]) => `| ${[what, ...cells].join(' | ')} |`;
  return [
    row(
      'VGG-8, one inference',
      'Kirchhoff, neurosim-sram',
      'NeuroSim 1.4',
      'Kirchhoff, mnsim-rram',
      'MNSIM 2.0',
      'MNSIM, one period a conversion',
    ),
    row('---', '---', '---', '---', '---', '---'),
    row(
      'energy',
      joule(total(sram)),
      joule(total(NEUROSIM)),
      joule(total(rram)),
      joule(all),
      joule(MNSIM.converters / 8 + MNSIM.rest),
    ),
    row(
      'of it converters',
      joule(sram.converters) + share(sram.converters, total(sram)),
      joule(NEUROSIM.converters) + share(NEUROSIM.converters, total(NEUROSIM)),
      joule(rram.converters) + share(rram.converters, total(rram)),
      joule(MNSIM.converters) + share(MNSIM.converters, all),
      joule(MNSIM.converters / 8) + share(MNSIM.converters / 8, MNSIM.converters / 8 + MNSIM.rest),
    ),
    row(
      'accumulation',
      joule(sram.accumulation),
      joule(NEUROSIM.accumulation),
      joule(rram.accumulation),
      'not told',
      '',
    ),
    row(
      'all other',
      joule(sram.other),
      joule(NEUROSIM.other),
      joule(rest - rram.accumulation),
      `${joule(MNSIM.rest)} with accumulation`,
      '',
    ),
    row(
      'between inferences',
      engineering(sram.interval, 's'),
      engineering(NEUROSIM.interval, 's'),
      engineering(rram.interval, 's'),
      engineering(MNSIM.interval, 's'),
      '',
    ),
    row('area', area(sram.area), area(NEUROSIM.area), area(rram.area), area(MNSIM.area), ''),
  ].join('\n');
}
