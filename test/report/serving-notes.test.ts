import { expect, test } from 'vitest';
import { servingHeadline, leaderboard } from '../../src/report/sections/serving/leaderboard.ts';
import { servingText } from '../../src/report/serving-text.ts';
import type { ServedScenario } from '../../src/report/serving.ts';
import { sampleServing } from './sample-serving.ts';

const withScenario = (more: Partial<ServedScenario>) => {
  const report = sampleServing(30);
  return { ...report, scenarios: [{ ...report.scenarios[0]!, ...more }] };
};

test('notes stand before the figures, on the terminal and in serving.html', () => {
  const report = withScenario({ notes: ['first & last'] });
  const text = servingText(report);
  expect(text.indexOf('Note: first & last')).toBeGreaterThan(0);
  expect(text.indexOf('Note: first & last')).toBeLessThan(text.indexOf('steady-first'));
  expect(servingHeadline(report.scenarios[0]!)).toContain('<b>Note:</b> first &amp; last</p>');
  expect(servingText(withScenario({}))).not.toContain('Note:');
});

test('MLPerf: which rules are applied, and what accuracy is served', () => {
  const figure = { mean: 1e5, interval95: null };
  const mlperf = {
    ...({ metric: 'M', unit: '1/s', seconds: 600, queries: 270_336, enoughQueries: true } as const),
    ...{ dropped: [0, 7], closedAccuracy: 0.99, accuracy: [1, 0.985], policies: [figure, null] },
  };
  const text = servingText(withScenario({ load: { type: 'server' }, mlperf }));
  expect(text).toContain(
    'MLPerf server, M: steady-first 100 k/s, other –. Runs have the 270,336 queries that its rules ask; their least duration of 600 s is not applied, as simulated time is deterministic.',
  );
  expect(text).toContain(
    'Accuracy served, of that of the most accurate cut: steady-first 100.00 %, other 98.50 %. MLPerf’s closed division asks 99 % of its own reference, which is not checked here.',
  );
  // Of Server they count as late; of the others the run is not valid.
  expect(text).not.toContain('No valid runs');
  const offline = servingText(
    withScenario({ load: { type: 'offline' }, mlperf: { ...mlperf, enoughQueries: false } }),
  );
  expect(offline).toContain('Runs have fewer than the 270,336 samples that its rules ask;');
  expect(offline).toContain('No valid runs, queries were dropped: other.');
});

test('runs that share simulated chips say so, on the terminal and in serving.html', () => {
  const sentence =
    'Runs share simulated chips (chips), so for what depends on answers they are 2 observations.';
  const shared = withScenario({ independent: 2, replications: 3 });
  expect(servingText(shared)).toContain(sentence);
  expect(leaderboard(shared.scenarios[0]!)).toContain(sentence);
  expect(servingText(withScenario({ independent: 3, replications: 3 }))).not.toContain(
    'share simulated chips',
  );
});
