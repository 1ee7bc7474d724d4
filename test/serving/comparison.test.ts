import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CalibrationCache } from '../../src/calibration-cache.ts';
import { engineering } from '../../src/report/format.ts';
import { servingText } from '../../src/report/serving-text.ts';
import { comparePolicies } from '../../src/experiment/serving/comparison.ts';
import { ROOT } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-comparison-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// What was measured of one scenario serves the next.
const memory = new CalibrationCache();

// One thread: starting more takes longer than these runs.
async function compare(
  load: string,
  policies: readonly string[],
  more = '',
  deadline = '    deadline: 20 * latency\n',
  replications?: number,
  line = 'line: {capacity: 100}\n',
) {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `name: small
models:
  - workload: ${join(ROOT, 'workloads/mlp-relu.yaml')}
    cuts: [digital, prefix:1, analog]
${deadline}    accuracy: {digital: 90 %, 'prefix:1': 88 %, analog: 85 %}
load: ${load}
duration: 3000 * interval
window: 100 * interval
${line}replications: 2
${more}`,
  );
  return comparePolicies({
    architecture: join(ROOT, 'arch/hybrid-edge.yaml'),
    ...{ scenarios: [file], overrides: [], policies, replications, seed: 1, workers: 1, memory },
  });
}

describe('best-static', () => {
  test.each([0.6, 1.1])(
    'is the best of all static cuts on the same arrivals, at %f of the rate',
    async (load) => {
      const report = await compare(`{type: poisson, rate: ${load} * fastest}`, [
        ...['best-static', 'static:digital', 'static:prefix:1', 'static:analog'],
      ]);
      const [best, ...each] = report.scenarios[0]!.policies;
      const rightInTime = each.map(({ figures }) => figures.accuracyGoodput!.mean);
      const winner = each[rightInTime.indexOf(Math.max(...rightInTime))]!;
      expect(best!.figures).toEqual(winner.figures);
      expect(best!.window).toEqual({
        type: 'best-static',
        cuts: { 'mlp-relu': (winner.window as { cut: string }).cut },
      });
      expect(new Set(rightInTime).size).toBe(3);
      // The mean of paired differences is the difference of means; alike runs differ by nothing at all.
      each.forEach((one, index) => {
        const most = Math.max(...rightInTime);
        expect(one.againstBest!.mean).toBeCloseTo(rightInTime[index]! - most, 12);
      });
      expect([best!.againstBest, winner.againstBest]).toEqual(Array(2).fill({ mean: 0, interval95: 0 }));
    },
  );
});

describe('cuts that no scenario names', () => {
  const serve = (more: string) => {
    const file = join(folder, 'isaac.yaml');
    const model = `{workload: ${join(ROOT, 'workloads/mlp-relu.yaml')}, ${more}}`;
    writeFileSync(
      file,
      `name: isaac\nmodels: [${model}]\nload: {type: poisson, rate: 0.5 * capacity}\nduration: 100 * interval\nwindow: 50 * interval\n`,
    );
    return comparePolicies({
      architecture: join(ROOT, 'arch/isaac.yaml'),
      ...{
        scenarios: [file],
        overrides: [],
        policies: ['static'],
        replications: 1,
        seed: 1,
        workers: 1,
        memory,
      },
    });
  };

  test('are all-analog alone on a chip without digital arrays', async () => {
    const { models } = (await serve('accuracy: {analog: 90 %}')).scenarios[0]!;
    expect(models[0]!.cuts.map(({ name }) => name)).toEqual(['analog']);
  });

  test('named, one that the chip cannot run is told in the words of scenarios', async () => {
    await expect(serve('cuts: [digital], accuracy: {digital: 90 %}')).rejects.toThrow(
      /isaac\.yaml:2:\d+ .*use cuts: \[analog\]/,
    );
  });
});

test('counts are sums over replications, figures are means: each run accounts for its queries', async () => {
  const load = '{type: poisson, rate: 1.2 * capacity}';
  const more = 'warmUp: 300 * interval\n';
  const played = async (replications: number) => {
    const report = await compare(
      load,
      ['static:digital'],
      more,
      '    deadline: 97 * interval\n',
      replications,
    );
    const { duration, warmUp, policies } = report.scenarios[0]!;
    return { ...policies[0]!, came: duration - warmUp };
  };
  const [one, two] = [await played(1), await played(2)];
  const counts = ({ models }: typeof two) => models[0]!;
  const figure = (name: keyof typeof two.figures) => {
    const [first, both] = [one.figures[name]!, two.figures[name]!];
    expect(first.interval95).toBeNull();
    expect(both.interval95).not.toBeNull();
    // Of the second run alone, from means.
    return [first.mean, 2 * both.mean - first.mean] as const;
  };
  const sum = (
    name: 'offered' | 'onTime' | 'late' | 'droppedFull' | 'droppedEarly' | 'inFlight' | 'rightOnTime',
  ) =>
    // Of the second run alone, from sums.
    [counts(one)[name], counts(two)[name] - counts(one)[name]] as const;
  for (const run of [0, 1]) {
    const seconds = figure('measured')[run]!;
    const of = (name: Parameters<typeof sum>[0]) => sum(name)[run]!;
    expect(of('droppedFull')).toBeGreaterThan(10);
    expect(of('late')).toBeGreaterThan(10);
    expect(of('onTime') + of('late') + of('droppedFull') + of('droppedEarly') + of('inFlight')).toBe(
      of('offered'),
    );
    expect(figure('offered')[run]! / of('offered')).toBeCloseTo(1, 9);
    expect((figure('offeredRate')[run]! * one.came) / of('offered')).toBeCloseTo(1, 9);
    expect((figure('goodput')[run]! * seconds) / of('onTime')).toBeCloseTo(1, 9);
    expect((figure('throughput')[run]! * seconds) / (of('onTime') + of('late'))).toBeCloseTo(1, 9);
    expect(figure('missRatio')[run]! * of('offered')).toBeCloseTo(of('late') + of('droppedFull'), 6);
    expect(figure('accuracyGoodput')[run]! * of('offered')).toBeCloseTo(of('rightOnTime'), 6);
  }
  const { answersByCut, onTime, late } = counts(two);
  expect(answersByCut.reduce((a, b) => a + b)).toBe(onTime + late);
  for (const share of two.utilisation) expect(share!.mean).toBeLessThanOrEqual(1);
});

describe('warmUp: mser-5', () => {
  test('is the longest of all policies and runs, found before they are played', async () => {
    const load = '{type: poisson, rate: 0.5 * capacity}';
    const policies = ['static:digital', 'static:analog'];
    const found = (await compare(load, policies, 'warmUp: mser-5\n')).scenarios[0]!;
    expect(found.warmUp).toBeLessThan(found.duration);
    const given = (await compare(load, policies, `warmUp: ${found.warmUp} s\n`)).scenarios[0]!;
    expect(given.policies).toEqual(found.policies);
    const alone = await Promise.all(
      policies.map(
        async (policy) => (await compare(load, [policy], 'warmUp: mser-5\n')).scenarios[0]!.warmUp,
      ),
    );
    expect(found.warmUp).toBe(Math.max(...alone));
  });

  test('of demand that steps up beyond the capacity near the end there is none', async () => {
    const load =
      '{type: steps, rates: [{at: 0, rate: 0.1 * capacity}, {at: 1500 * interval, rate: 1.2 * capacity}]}';
    await expect(compare(load, ['static:digital'], 'warmUp: mser-5\n')).rejects.toThrow(
      /:\d+:\d+ warmUp: latencies under policy static:digital do not settle in the first half/,
    );
  });
});

describe('what counts in the scenarios of MLPerf', () => {
  const run = async (load: string) => {
    const report = await compare(load, ['static:analog']);
    const scenario = report.scenarios[0]!;
    const [policy] = scenario.policies;
    const cut = scenario.models[0]!.cuts.find(({ name }) => name === 'analog')!;
    return {
      report,
      cut,
      figures: policy!.figures,
      mlperf: scenario.mlperf!,
      metric: scenario.mlperf!.policies[0]!.mean,
    };
  };

  test('single-stream: the latency of one query alone', async () => {
    const { cut, metric, mlperf } = await run('{type: single-stream}');
    expect(metric / cut.latency).toBeCloseTo(1, 2);
    expect(mlperf).toMatchObject({ seconds: 600, queries: 1024, dropped: [0] });
    // Analog serves 85 % of 90 %.
    expect(mlperf.accuracy[0]).toBeCloseTo(0.85 / 0.9, 12);
  });

  test('multi-stream: from asking to the last of eight answers', async () => {
    const { metric, figures, cut } = await run('{type: multi-stream}');
    // One round after the other: eight answers in each.
    expect((metric * figures.throughput!.mean) / 8).toBeCloseTo(1, 1);
    expect(metric).toBeGreaterThan(cut.latency + 6 * cut.interval);
  });

  test('server: the highest rate with 99 % in time', async () => {
    const { metric, figures } = await run('{type: server, rate: 0.5 * capacity}');
    expect(metric).toBe(figures.offeredRate!.mean);
    expect(figures.missRatio!.mean).toBeLessThanOrEqual(0.01);
    expect(figures.missRatio!.mean).toBeGreaterThan(0);
  });

  test('offline: all samples over the time that they take', async () => {
    const { metric, cut, report } = await run('{type: offline, samples: 100}');
    expect(metric * (cut.latency + 99 * cut.interval)).toBeGreaterThan(95);
    expect(metric * (cut.latency + 99 * cut.interval)).toBeLessThan(115);
    expect(servingText(report)).toMatch(
      /MLPerf offline, samples per second: static:analog [\d.]+ M\/s\. Runs have fewer than the 24,576 samples that its rules ask; their least duration of 600 s is not applied/,
    );
  });

  test('offline: samples that find the line full make no valid run', async () => {
    const { mlperf, report, figures } = await run('{type: offline, samples: 300}');
    // In line 100, and those in flight.
    expect(mlperf.dropped[0]).toBe(Math.round(2 * figures.missRatio!.mean * 300));
    expect(mlperf.dropped[0]).toBeGreaterThan(2 * 150);
    expect(servingText(report)).toContain('No valid runs, queries were dropped: static:analog.');
  });

  test('offline with nothing but its type: all samples have room in line, and are enough', async () => {
    const report = await compare('{type: offline}', ['static:analog'], '', '', 1, '');
    const { mlperf, policies } = report.scenarios[0]!;
    expect(mlperf).toMatchObject({ dropped: [0], enoughQueries: true });
    expect(policies[0]!.models[0]!.onTime).toBe(24_576);
    expect(servingText(report)).not.toContain('No valid runs');
  });

  test('server needs a deadline', async () => {
    await expect(compare('{type: server, rate: 0.5 * capacity}', ['static:analog'], '', '')).rejects.toThrow(
      /:\d+:\d+ load\.type: server searches the highest rate that keeps the deadlines, and no model has one/,
    );
  });

  test('server with a deadline that no cut meets: one Fault that says what the fastest takes', async () => {
    const server = '{type: server, rate: 0.5 * capacity}';
    const said = await compare(server, ['static:analog'], '', '    deadline: 1 ns\n').then(
      () => 'nothing was wrong',
      (error: Error) => error.message,
    );
    // Of those of the chip, measured under a load that asks for nothing.
    const { cuts } = (await compare('{type: single-stream}', ['static:analog'])).scenarios[0]!.models[0]!;
    const fastest = cuts.reduce((a, b) => (b.latency < a.latency ? b : a));
    const latency = engineering(fastest.latency, 's');
    expect(said.split('\n')[0]!.replace(/^.*scenario\.yaml/, 'FILE')).toBe(
      `FILE:5:15 models[0].deadline: no rate keeps the deadline of 1.00 ns: the fastest cut of mlp-relu, ${fastest.name}, takes ${latency} alone (a deadline above ${latency}, or a faster chip)`,
    );
  });

  test('other loads with a deadline that no cut meets: a note before the figures, and all are missed', async () => {
    const load = '{type: poisson, rate: 0.1 * capacity}';
    const report = await compare(load, ['static:analog'], '', '    deadline: 1 ns\n', 1);
    const { models, notes, policies } = report.scenarios[0]!;
    const fastest = models[0]!.cuts.reduce((a, b) => (b.latency < a.latency ? b : a));
    const said = `No query of mlp-relu can be answered within its deadline of 1.00 ns: the fastest cut of mlp-relu, ${fastest.name}, takes ${engineering(fastest.latency, 's')} alone.`;
    expect(notes).toEqual([said]);
    expect(policies[0]!.figures.missRatio!.mean).toBe(1);
    const text = servingText(report);
    expect(text.indexOf(`Note: ${said}`)).toBeLessThan(text.indexOf('right in time'));
    expect(text).toContain(`Note: ${said}`);
  });

  test('server: a policy that is late at any rate has no rate, the others have', async () => {
    const deadline = '    deadline: 0.9 * latency\n';
    const policies = ['static:digital', 'static:analog'];
    const report = await compare('{type: server, rate: 0.5 * capacity}', policies, '', deadline);
    const { mlperf } = report.scenarios[0]!;
    expect(mlperf!.policies[0]).toBeNull();
    expect(mlperf!.policies[1]!.mean).toBeGreaterThan(0);
    expect(servingText(report)).toContain(
      'MLPerf server, queries per second, 99 % of them in time: static:digital –, static:analog ',
    );
  });

  test('of other loads: nothing', async () => {
    const report = await compare('{type: poisson, rate: 0.1 * capacity}', ['static:analog']);
    expect(report.scenarios[0]!.mlperf).toBeNull();
  });
});
