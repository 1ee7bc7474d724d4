import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { servingHtml } from '../../src/report/serving-html.ts';
import { servingSchema } from '../../src/report/serving.ts';
import { kirchhoff, ROOT } from './command.ts';

test('serve writes serving.json and serving.html, or neither', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-serving-'));
  const scenario = join(folder, 'scenario.yaml');
  writeFileSync(
    scenario,
    `name: short
models:
  - workload: ${join(ROOT, 'workloads/mlp-relu.yaml')}
    cuts: [digital]
    deadline: 20 * latency
load: {type: poisson, rate: 0.5 * capacity}
duration: 400 * interval
window: 100 * interval
samples: 10
chips: 1
`,
  );
  const out = join(folder, 'out');
  const words = ['serve', 'arch/hybrid-edge.yaml', scenario, '--policy', 'static:digital'];
  const { code, out: printed, err } = await kirchhoff([...words, '--replications', '2', '--out', out]);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(printed).toMatch(/serving\.json; to look at: serving\.html \(\d+ kB\)/);
  expect(readdirSync(out).sort()).toEqual(['serving.html', 'serving.json']);
  const report = servingSchema.parse(JSON.parse(readFileSync(join(out, 'serving.json'), 'utf8')));
  const html = await servingHtml(report);
  expect(readFileSync(join(out, 'serving.html'), 'utf8')).toBe(html);
  const none = join(folder, 'none');
  mkdirSync(none);
  expect(
    (await kirchhoff(['serve', 'arch/hybrid-edge.yaml', scenario, '--policy', 'statik', '--out', none])).code,
  ).toBe(2);
  expect(readdirSync(none)).toEqual([]);
  rmSync(folder, { recursive: true });
});
