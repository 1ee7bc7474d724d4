import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { windowPolicies } from '../../src/scheduling/window/index.ts';
import { comparePolicies } from '../../src/experiment/serving/comparison.ts';
import { prepareServing } from '../../src/experiment/serving/experiment.ts';
import { ROOT } from '../cli/command.ts';
import { badScenarios, goodScenario } from './bad-scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'scenario.yaml');
const common = {
  architecture: join(ROOT, 'arch/hybrid-edge.yaml'),
  ...{ overrides: [], batching: false, seed: 1, workers: 1 },
};
const measured: string[] = [];

function write(edit: readonly [string, string] = ['', ''], name = file): string {
  if (edit[0] !== '') expect(goodScenario.split(edit[0])).toHaveLength(2);
  const text = goodScenario.replace(edit[0], () => edit[1]);
  writeFileSync(name, text.replaceAll('WORKLOAD', join(ROOT, 'workloads/mlp-relu.yaml')));
  return name;
}

const onProgress = (phase: string) => void measured.push(phase);

/** What the Fault of an action says, FILE for the scenario. */
async function faultOf(acting: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await acting.then(
    () => new Error('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  // Faults of the input end the command line with exit code 2.
  if (!(error instanceof Fault)) throw error as Error;
  return error.message.replaceAll(file, 'FILE').replaceAll(folder, 'FOLDER').split('\n');
}

describe('a scenario', () => {
  test('the good one is accepted', async () => {
    const { system } = await prepareServing({ ...common, scenario: write() });
    expect(system.models[0]!.cuts.map(({ name, accuracy }) => [name, accuracy])).toEqual([
      ['digital', 0.9],
      ['analog', 0.85],
    ]);
  });

  test('the table is as long as promised', () => {
    expect(badScenarios.length).toBeGreaterThanOrEqual(35);
    expect(new Set(badScenarios.map(({ what }) => what)).size).toBe(badScenarios.length);
  });

  test.each(badScenarios)('$what: one Fault with its place, before anything is measured', async (one) => {
    measured.length = 0;
    const said = await faultOf(prepareServing({ ...common, scenario: write(one.edit), onProgress }));
    expect(said[0]).toBe(one.says);
    // Then the line itself and a caret; nothing else went wrong.
    expect(said.length).toBe(one.says.startsWith('FILE:') ? 3 : 1);
    expect(measured).toEqual([]);
  });
});

describe('a comparison', () => {
  const named = (policies: readonly string[], scenarios: readonly string[] = [write()]) =>
    faultOf(comparePolicies({ ...common, scenarios, policies, replications: 1, onProgress }));
  const known = `known: mine, plain, ${windowPolicies.names.join(', ')}, static:CUT`;

  test.each([
    ['plane', `no policy "plane" (did you mean plain? ${known})`],
    ['forecast:2', `no policy "forecast:2" (did you mean forecast? ${known})`],
    ['constructor', `no policy "constructor" (${known})`],
  ])('policy %j: one Fault, before anything is measured', async (name, says) => {
    measured.length = 0;
    expect(await named(['mine', name])).toEqual([says]);
    expect(measured).toEqual([]);
  });

  test('a scenario that is wrong is told before the one named first is measured', async () => {
    measured.length = 0;
    const first = write(undefined, join(folder, 'first.yaml'));
    expect((await named([], [first, write(['400 * interval', '0 s'])]))[0]).toMatch(/^FILE:8:11 duration: /);
    expect(measured).toEqual([]);
  });

  test.each(['static:prefix:1', 'static:'])(
    'policy %j of a cut that no model has, before anything is measured',
    async (name) => {
      measured.length = 0;
      expect(await named(['mine', name])).toEqual([
        `no model has a cut ${JSON.stringify(name.slice('static:'.length))} (cuts: digital, analog)`,
      ]);
      expect(measured).toEqual([]);
    },
  );

  test('a duration in which no query comes', async () => {
    const [said] = await named(['plain'], [write(['400 * interval', '1e-9 * interval'])]);
    expect(said).toBe(
      'FILE:8:11 duration: no query comes within the duration (a longer one, or a load that brings queries in it)',
    );
  });

  test('a window longer than the duration is no mistake: it is cut short', async () => {
    const report = await comparePolicies({
      ...{ ...common, policies: ['plain'], replications: 1 },
      scenarios: [write(['100 * interval', '1e4 * interval'])],
    });
    const { duration, policies } = report.scenarios[0]!;
    const { windows, models } = policies[0]!;
    expect(windows).toHaveLength(1);
    expect(windows[0]!.models[0]!.offered).toBe(models[0]!.offered);
    // It ends with the last answer.
    expect(windows[0]!.length).toBeLessThan(2 * duration);
  });
});
