import { engineering, percent } from './format.ts';
import type { ServedScenario } from './serving.ts';

/** What counts in a scenario of MLPerf Inference, which of its rules are applied, and the accuracy served, a line each; none of other loads. */
export function mlperfText({ load, policies, mlperf }: ServedScenario): readonly string[] {
  if (mlperf === null) return [];
  const { metric, unit, seconds, queries, enoughQueries } = mlperf;
  const listed = (text: (policy: number) => string) =>
    policies.map(({ name }, policy) => `${name} ${text(policy)}`).join(', ');
  const values = listed((policy) => {
    const value = mlperf.policies[policy]!;
    if (value === null) return '–';
    return unit === 's' ? engineering(value.mean, 's') : `${engineering(value.mean, '').trim()}/s`;
  });
  const asked = `the ${queries.toLocaleString('en')} ${load.type === 'offline' ? 'samples' : 'queries'} that its rules ask`;
  const count = enoughQueries ? `Runs have ${asked}` : `Runs have fewer than ${asked}`;
  const duration = `their least duration of ${seconds} s is not applied, as simulated time is deterministic`;
  const incomplete = policies.filter((_, index) => mlperf.dropped[index]! > 0).map(({ name }) => name);
  const drops =
    incomplete.length > 0 && load.type !== 'server'
      ? ` No valid runs, queries were dropped: ${incomplete.join(', ')}.`
      : '';
  const shares = listed((policy) => {
    const share = mlperf.accuracy[policy]!;
    return share === null ? '–' : percent(share, 2);
  });
  return [
    `MLPerf ${String(load.type)}, ${metric}: ${values}. ${count}; ${duration}.${drops}`,
    `Accuracy served, of that of the most accurate cut: ${shares}. MLPerf’s closed division asks ${percent(mlperf.closedAccuracy, 0)} of its own reference, which is not checked here.`,
  ];
}
