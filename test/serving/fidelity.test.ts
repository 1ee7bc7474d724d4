import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { figuresOfRun, type RunFigures } from '../../src/serving/run-figures.ts';
import { serverOf } from '../../src/serving/run-job.ts';
import type { ServingSystem } from '../../src/serving/serving-system.ts';
import { ROOT } from '../cli/command.ts';
import { cycleSystem } from './cycle-system.ts';

const README = join(ROOT, 'README.md');

const SUBJECTS = [
  { workload: 'mlp-relu', cut: 'analog', queries: 5000 },
  { workload: 'vgg8', cut: 'analog', queries: 500 },
  { workload: 'mlp-sigmoid', cut: 'analog', queries: 5000 },
] as const;
const LOADS = [
  ['light', 0.3],
  ['medium', 0.6],
  ['near saturation', 0.85],
] as const;
const ALLOWED = 0.05;

function figures(system: ServingSystem, share: number, queries: number): RunFigures {
  const { interval } = system.models[0]!.cuts[0]!;
  const server = serverOf(system, {
    load: {
      load: { type: 'poisson', rate: share / interval },
      ...{ duration: 10, queries, drain: true, warmUp: 0, window: 10 },
      line: { capacity: queries, full: 'reject' },
    },
    policy: { window: { type: 'static' }, request: [] },
    ...{ seed: 7, replication: 0 },
  });
  while (!server.advance(1e6));
  return figuresOfRun(server.result(), 1, system.leakage);
}

describe('profile and cycle agree', async () => {
  const rows: string[] = [];
  for (const { workload, cut, queries } of SUBJECTS) {
    const system = await cycleSystem(workload, [cut]);
    for (const [name, load] of LOADS) {
      const cycle = figures(system, load, queries);
      const profile = figures({ ...system, cycle: undefined }, load, queries);
      const off = (of: (one: RunFigures) => number) => of(profile) / of(cycle) - 1;
      const errors = {
        p50: off(({ p50 }) => p50!),
        p99: off(({ p99 }) => p99!),
        throughput: off(({ throughput }) => throughput),
        energy: off(({ energyPerAnswer }) => energyPerAnswer!),
      };
      const shown = Object.values(errors).map(
        (error) => `${Math.round(1000 * error) < 0 ? '−' : '+'}${Math.abs(100 * error).toFixed(1)} %`,
      );
      rows.push(`| ${[`${workload}, ${cut}`, name, ...shown].join(' | ')} |`);
      test.each(Object.entries(errors))(`${workload}, ${cut}, ${name} load: %s`, (_, error) => {
        expect(Math.abs(error)).toBeLessThan(ALLOWED);
      });
    }
  }

  test('the README shows this table (UPDATE_README=1 npx vitest run test/serving/fidelity writes it)', () => {
    const text = [
      '| hybrid-edge | load | p50 | p99 | throughput | energy |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
    console.log(text);
    const readme = readFileSync(README, 'utf8');
    const pattern = /<!-- fidelity table -->\n(?:\|.*\n)*/;
    const shown = `<!-- fidelity table -->\n${text}\n`;
    if (process.env.UPDATE_README === '1') writeFileSync(README, readme.replace(pattern, shown));
    else expect(readme.match(pattern)?.[0]).toBe(shown);
  });
}, 300_000);
