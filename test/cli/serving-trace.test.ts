import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kirchhoff, ROOT } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, 'out');

/** Serves a trace of MLP queries, whose file lies beside the scenario. */
function serve(rows: string) {
  writeFileSync(join(folder, 'queries.csv'), rows);
  writeFileSync(
    join(folder, 'replay.yaml'),
    `name: replay
models: [{workload: ${ROOT}workloads/mlp-relu.yaml, cuts: [digital]}]
load: {type: trace, file: queries.csv, unit: us, scale: 2}
duration: 1 ms
window: 100 us
samples: 8
chips: 1
replications: 1
policies: {digital: {window: {type: static, cut: digital}}}
`,
  );
  return kirchhoff(['serve', `${ROOT}arch/hybrid-edge.yaml`, join(folder, 'replay.yaml'), '--out', out]);
}

test('a wrong trace: one Fault, exit code 2, nothing written', async () => {
  const { code, err, out: printed } = await serve('arrival,model\n0,mlp-relu\n1,mlp-reul\n');
  expect([code, printed, existsSync(out)]).toEqual([2, '', false]);
  expect(err.trimEnd().split('\n')).toEqual([
    expect.stringMatching(
      /queries\.csv:3:3: unknown model "mlp-reul" \(did you mean mlp-relu\? models: mlp-relu\)$/,
    ),
    '  1,mlp-reul',
    '    ^',
  ]);
});

test('a trace is served query by query, and stands in the provenance', async () => {
  const arrivals = Array.from({ length: 40 }, (_, query) => `${10 * query}`);
  // As a CSV writer quotes them; five more come after the duration.
  const rows = [...arrivals, 2500, 2600, 2700, 2800, 2900].map((arrival) => `"${arrival}"`);
  const { code, err, out: printed } = await serve(`"arrival"\n${rows.join('\n')}\n`);
  expect([code, err]).toEqual([0, '']);
  const report = JSON.parse(readFileSync(join(out, 'serving.json'), 'utf8')) as {
    provenance: { inputs: { role: string }[] };
    scenarios: { notes: string[]; policies: { windows: { models: { offered: number }[] }[] }[] }[];
  };
  expect(report.provenance.inputs.map(({ role }) => role)).toContain('trace');
  // 10 us apart, played twice as fast: 20 in each window of 100 us.
  const { windows } = report.scenarios[0]!.policies[0]!;
  expect(windows.map(({ models }) => models[0]!.offered)).toEqual([20, 20]);
  const note = 'queries.csv: 5 of 45 rows come after the duration of 1.00 ms and were not played.';
  expect(report.scenarios[0]!.notes).toEqual([note]);
  expect(printed.split('\n')).toContain(`Note: ${note}`);
  expect(readFileSync(join(out, 'serving.html'), 'utf8')).toContain(`<b>Note:</b> ${note}</p>`);
});
