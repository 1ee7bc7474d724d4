import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedSchemas } from '../../src/cli/schemas.ts';
import { documentSchemas } from '../../src/report/documents.ts';
import type { Explanation } from '../../src/report/explanation.ts';
import type { Report } from '../../src/report/report.ts';
import { kirchhoff, ROOT } from '../cli/command.ts';

describe('JSON documents', () => {
  test.each(Object.entries(publishedSchemas()))(
    'the schema of %s in the repository is fresh (npm run schemas)',
    (_, one) => {
      const stored: unknown = JSON.parse(readFileSync(join(ROOT, one.file), 'utf8'));
      expect(stored).toEqual(JSON.parse(JSON.stringify(one.schema)));
    },
  );

  test.each([
    [
      'report',
      ['run', 'arch/hybrid-edge.yaml', 'workloads/mlp-relu.yaml', '--samples', '50', '--chips', '2'],
    ],
    ['explanation', ['explain', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml', '--inferences', '8']],
    ['show', ['show', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml']],
    ['show', ['show', 'arch/isaac.yaml']],
    ['show-macro', ['show', 'arch/macros/jia.yaml']],
    ['list', ['list']],
    ['check', ['check', 'arch/isaac.yaml', 'workloads/lenet5.yaml', 'workloads/models/lenet5.onnx']],
  ] as const)('%s: what `kirchhoff %s --json` prints is one document of its schema', async (name, words) => {
    const { code, out, err } = await kirchhoff([...words, '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    documentSchemas[name].parse(JSON.parse(out));
  });

  test('--what-if adds what faster parts would change, --no-what-if leaves it out', async () => {
    const words = ['arch/digital.yaml', 'workloads/mlp-relu.yaml', '--schedule', 'digital', '--json'];
    const run = ['run', ...words, '--samples', '4', '--chips', '1'];
    const found = (out: string) => (JSON.parse(out) as Report).schedules[0]!.analysis;
    expect(found((await kirchhoff(run)).out).whatIf).toBeUndefined();
    const full = found((await kirchhoff([...run, '--what-if'])).out);
    expect(full.whatIf!.length).toBeGreaterThan(4);
    // Twice and infinitely; capacities have no tornado of times.
    const timed = full.whatIf!.filter(({ part }) => part !== 'buffer capacity' && part !== 'link width');
    expect(full.sensitivity!.time.length).toBe(timed.length / 2);
    expect(full.whatIf!.length).toBe(timed.length + 4);
    const explained = JSON.parse((await kirchhoff(['explain', ...words, '--no-what-if'])).out) as Explanation;
    expect(explained.analysis.sensitivity).toBeUndefined();
    const { whatIf: _, sensitivity: __, ...same } = full;
    expect(explained.analysis).toEqual(same);
  });

  test('explain in words, with a flame graph beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-explain-'));
    const file = join(folder, 'energy.folded');
    const words = ['explain', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml', '--schedule', 'prefix:3'];
    const { code, out, err } = await kirchhoff([...words, '--inferences', '8', '--flamegraph', file]);
    expect(err).toBe('');
    expect(code).toBe(0);
    for (const heading of [
      'What sets the pace',
      'Critical path',
      'Energy of',
      'Utilisation',
      'Area',
      'What if',
    ]) {
      expect(out).toContain(`\n${heading}`);
    }
    const energy = /energy of an inference +([\d.]+) nJ/.exec(out)![1];
    const folded = readFileSync(file, 'utf8').trimEnd().split('\n');
    const total = folded.reduce((sum, line) => sum + Number(/ (\d+)$/.exec(line)![1]), 0);
    expect(Number((total / 1e3).toPrecision(3))).toBe(Number(energy));
    rmSync(folder, { recursive: true });
    expect(
      (
        await kirchhoff([
          ...words,
          '--no-what-if',
          '--inferences',
          '2',
          '--flamegraph',
          '/proc/nowhere/energy.folded',
        ])
      ).code,
    ).toBe(2);
  });

  test('a failed check is still a document, with exit code 2', async () => {
    const { code, out } = await kirchhoff(['check', 'package.json', 'arch/isaac.yaml', '--json']);
    expect(code).toBe(2);
    const document = documentSchemas.check.parse(JSON.parse(out));
    expect(document.files.map((file) => file.ok)).toEqual([false, true]);
    expect(document.files[0]!.problems.length).toBeGreaterThan(0);
  });

  test('the breakdowns of a report add up, and its Pareto marks are true', async () => {
    const { out } = await kirchhoff([
      'run',
      'arch/hybrid-edge.yaml',
      'workloads/mlp-relu.yaml',
      '--samples',
      '50',
      '--chips',
      '2',
      '--json',
    ]);
    const report = JSON.parse(out) as Report;
    expect(report.schedules.map((row) => row.name)).toEqual(['digital', 'prefix:1', 'prefix:2', 'analog']);
    for (const {
      energy,
      accuracy,
      throughput,
      initiationInterval,
      paretoBest,
      latency,
    } of report.schedules) {
      const byLayer = energy.byLayer.reduce((sum, row) => sum + row.energy, 0);
      const byComponent = energy.byComponent.reduce((sum, row) => sum + row.dynamic + row.leakage, 0);
      expect(Math.abs(byLayer - energy.total)).toBeLessThanOrEqual(1e-9 * energy.total);
      expect(Math.abs(byComponent - energy.total)).toBeLessThanOrEqual(1e-9 * energy.total);
      const { mean, perChip } = accuracy!;
      expect(mean).toBeCloseTo(perChip.reduce((a, b) => a + b, 0) / perChip.length, 12);
      expect(throughput * initiationInterval).toBeCloseTo(1, 12);
      const beaten = report.schedules.some(
        (other) =>
          other.energy.total <= energy.total &&
          other.latency <= latency &&
          other.throughput >= throughput &&
          other.accuracy!.mean >= mean &&
          (other.energy.total < energy.total ||
            other.latency < latency ||
            other.throughput > throughput ||
            other.accuracy!.mean > mean),
      );
      expect(paretoBest).toBe(!beaten);
    }
    const digital = report.schedules[0]!;
    expect(digital.accuracy!.perChip).toEqual([report.accuracy!.digital, report.accuracy!.digital]);
  });
});
