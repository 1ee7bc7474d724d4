import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedSchemas } from '../../src/cli/schemas.ts';
import { documentSchemas } from '../../src/report/documents.ts';
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
    ['show', ['show', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml']],
    ['show', ['show', 'arch/isaac.yaml']],
    ['show-macro', ['show', 'arch/macros/jia.yaml']],
    ['list', ['list']],
    ['check', ['check', 'arch/isaac.yaml', 'workloads/lenet5.yaml', 'workloads/models/lenet5.onnx']],
  ] as const)('%s: what `kirchhoff %s --json` prints is one document of its schema', (name, words) => {
    const { code, out, err } = kirchhoff([...words, '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    documentSchemas[name].parse(JSON.parse(out));
  });

  test('a failed check is still a document, with exit code 2', () => {
    const { code, out } = kirchhoff(['check', 'package.json', 'arch/isaac.yaml', '--json']);
    expect(code).toBe(2);
    const document = documentSchemas.check.parse(JSON.parse(out));
    expect(document.files.map((file) => file.ok)).toEqual([false, true]);
    expect(document.files[0]!.problems.length).toBeGreaterThan(0);
  });

  test('the breakdowns of a report add up, and its Pareto marks are true', () => {
    const { out } = kirchhoff([
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
