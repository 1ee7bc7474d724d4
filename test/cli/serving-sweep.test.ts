import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFactors } from '../../src/cli/option-values.ts';
import {
  type LoadSweep,
  type ServedScenario,
  type ServingReport,
  servingSchema,
} from '../../src/report/serving.ts';
import { kirchhoff, ROOT } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-sweep-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A scenario of a network whose accuracy is given: nothing is computed but times. */
function scenario(load: string): string {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `name: short
models:
  - workload: ${join(ROOT, 'workloads/mlp-relu.yaml')}
    cuts: [analog]
    accuracy: {analog: 80 %}
    deadline: 6 * latency
load: ${load}
duration: 400 * interval
window: 50 * interval
line: {capacity: 20}
replications: 3
policies:
  drops: {request: [{type: early-drop}]}
  waits: {}
`,
  );
  return file;
}

async function compared(load: string, ...more: readonly string[]): Promise<ServingReport> {
  const words = ['compare', 'arch/hybrid-edge.yaml', scenario(load), '--json', ...more];
  const { code, out, err } = await kirchhoff(words);
  expect(err).toBe('');
  expect(code).toBe(0);
  return servingSchema.parse(JSON.parse(out));
}

describe('--sweep', () => {
  const rate = '{type: poisson, rate: 0.7 * capacity}';
  let report: ServingReport;
  let one: ServedScenario;
  let sweep: LoadSweep;
  beforeAll(async () => {
    report = await compared(rate, '--sweep', '0.5,2,1', '--workers', '1');
    one = report.scenarios[0]!;
    sweep = one.sweep!;
  });

  test('gives at each factor what the scenario gives with that rate', async () => {
    expect(sweep.factors).toEqual([0.5, 1, 2]);
    // Twice a number of base two is exact: the same arrivals come.
    const doubled = (await compared('{type: poisson, rate: 2 * (0.7 * capacity)}')).scenarios[0]!;
    expect(doubled.sweep).toBeNull();
    doubled.policies.forEach(({ name, figures }, index) => {
      expect(sweep.policies[index]!.name).toBe(name);
      expect(sweep.policies[index]!.points[2]!.figures).toEqual(figures);
      expect(sweep.policies[index]!.points[1]!.figures).toEqual(one.policies[index]!.figures);
      expect(sweep.policies[index]!.points[0]!.figures).not.toEqual(figures);
    });
  });

  test('counts what is in time by the queries offered, and takes knees from the powers', () => {
    one.policies.forEach(({ models: [model] }, index) => {
      const { points, knee, highestInTime } = sweep.policies[index]!;
      const { onTime, offered, inFlight } = model!;
      expect(points[1]!.inTime).toBeCloseTo(onTime / (offered - inFlight), 12);
      const powers = points.map(({ kleinrockPower }) => kleinrockPower!.mean);
      expect(points.find(({ factor }) => factor === knee)!.kleinrockPower!.mean).toBe(Math.max(...powers));
      const met = points.filter(({ inTime }) => inTime >= 0.99).map(({ factor }) => factor);
      expect(highestInTime).toBe(met.length === 0 ? null : Math.max(...met));
      expect(points.map(({ meetsDeadline }) => meetsDeadline)).toEqual(
        points.map(({ inTime }) => inTime >= 0.99),
      );
    });
    // Twice 0.7 of what it can take is too much, half of it is not.
    expect(sweep.policies.map(({ points }) => points[2]!.meetsDeadline)).toEqual([false, false]);
    expect(sweep.policies[1]!.points[0]!.meetsDeadline).toBe(true);
  });

  test('gives the same bytes with any number of workers', async () => {
    expect(await compared(rate, '--sweep', '0.5,2,1', '--workers', '2')).toEqual(report);
  });

  test.each(['{type: closed, clients: 3}', '{type: offline}'])(
    'a load without a rate is refused where it stands, before anything is measured: %s',
    async (load) => {
      const file = scenario(load);
      const { code, out, err } = await kirchhoff([
        'serve',
        'arch/hybrid-edge.yaml',
        file,
        '--sweep',
        '0.5,1',
        '--json',
      ]);
      expect(code).toBe(2);
      expect(out).toBe('');
      const type = /type: ([\w-]+)/.exec(load)![1];
      expect(err.split('\n')[0]).toMatch(
        new RegExp(
          `^${file}:7:\\d+ load\\.type: a load of type ${type} has no rate that --sweep could scale \\(leave out --sweep, or give it one that has: poisson, `,
        ),
      );
    },
  );

  test.each([
    ['', '"" is no number'],
    ['1', '2 to 32 factors, got 1'],
    ['1,', '"" is no number'],
    ['0,1', '"0" is no number from 0.001 to 1000'],
    ['-1,1', '"-1" is no number'],
    ['1,1001', '"1001" is no number'],
    ['1,NaN', '"NaN" is no number'],
    ['1,Infinity', '"Infinity" is no number'],
    ['1;2', '"1;2" is no number'],
    ['0.1:1.2:0.1', '"0.1:1.2:0.1" is no number'],
    ['1,0.5,1.0', '1.0 comes twice'],
    [Array.from({ length: 33 }, (_, at) => at + 1).join(','), '2 to 32 factors, got 33'],
  ])('%j makes no sense: %s', (text, problem) => {
    expect(() => loadFactors(text)).toThrow(problem);
  });

  test('factors are numbers between commas, in any order', async () => {
    expect(loadFactors('1.2, .5,1')).toEqual([0.5, 1, 1.2]);
    const { code, err } = await kirchhoff(['serve', 'a.yaml', 'b.yaml', '--sweep', '1,x']);
    expect(code).toBe(2);
    expect(err).toContain('multiples of the load such as 0.4,0.6,0.8,1,1.2');
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
